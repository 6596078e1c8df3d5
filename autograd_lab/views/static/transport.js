/**
 * The transport: buttons and slider that go from step to step, the count, Play and Full screen.
 */

import { attribute, element, icon, write } from "./dom.js";

/** @typedef {"first" | "previous" | "next" | "last"} Move */

const ICONS = {
  first: "M6 6h2v12H6zM16.6 6L18 7.4 13.4 12l4.6 4.6-1.4 1.4-6-6z",
  previous: "M14.6 5.5L16 6.9 10.9 12l5.1 5.1-1.4 1.4L8.1 12z",
  next: "M9.4 5.5L8 6.9l5.1 5.1L8 17.1l1.4 1.4 6.5-6.5z",
  last: "M16 6h2v12h-2zM7.4 6L6 7.4l4.6 4.6L6 16.6 7.4 18l6-6z",
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M7 6h3.5v12H7zM13.5 6H17v12h-3.5z",
  fullscreen: "M4 9V4h5v2H6v3zM15 4h5v5h-2V6h-3zM4 15h2v3h3v2H4zM18 15h2v5h-5v-2h3z",
};

/** @type {Move[]} */
const MOVES = ["first", "previous", "next", "last"];

/**
 * @param {Record<string, string>} texts
 * @param {{move: (move: Move) => void, go: (step: number) => void, play: () => void, fullScreen: () => void}} act
 * @param {string} position what the slider is called
 */
export function transportOf(texts, act, position) {
  const buttons = MOVES.map((move) => buttonOf(texts[move], ICONS[move], move, () => act.move(move)));
  const play = buttonOf(texts.play, ICONS.play, "play", act.play);
  const screen = buttonOf(texts.fullscreen, ICONS.fullscreen, "fullscreen", act.fullScreen);
  attribute(screen, "aria-pressed", "false");
  const progress = element("span", { class: "step-count" });
  const slider = element("input", { type: "range", min: 0, max: 0, step: 1, "aria-label": position });
  slider.addEventListener("input", () => act.go(Number(slider.value)));

  return {
    steps: [progress, element("div", { class: "transport" }, ...buttons, play), slider],
    screen,
    /**
     * @param {{first: number, step: number, last: number, told: string, playing: boolean, full: boolean}} place
     *   first and last: the steps there are; told: the step in words
     */
    update({ first, step, last, told, playing, full }) {
      // aria-disabled, not disabled: a button that vanishes from under the keyboard would take the focus with it.
      buttons.forEach((button, index) => {
        attribute(button, "aria-disabled", (index < 2 ? step <= first : step >= last) ? "true" : null);
      });
      attribute(play, "aria-disabled", last <= first ? "true" : null);
      rename(play, playing ? texts.pause : texts.play);
      attribute(/** @type {Element} */ (play.querySelector("path")), "d", playing ? ICONS.pause : ICONS.play);
      attribute(screen, "aria-pressed", String(full));
      write(progress, told);
      attribute(slider, "min", String(first));
      attribute(slider, "max", String(Math.max(first, last)));
      attribute(slider, "aria-valuetext", told || null);
      slider.value = String(step);
      slider.style.setProperty("--done", `${last > first ? ((step - first) / (last - first)) * 100 : 0}%`);
      slider.disabled = last <= first;
    },
  };
}

/**
 * @param {string} name
 * @param {string} path
 * @param {string} kind
 * @param {() => void} press
 */
function buttonOf(name, path, kind, press) {
  const button = element("button", { type: "button", class: kind, "aria-label": name, title: name }, icon(path));
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") !== "true") {
      press();
    }
  });
  return button;
}

/**
 * @param {Element} button
 * @param {string} name
 */
function rename(button, name) {
  attribute(button, "aria-label", name);
  attribute(button, "title", name);
}
