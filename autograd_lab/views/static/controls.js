/**
 * The controls: which accumulation, about which variable, and the buttons that step through it.
 */

import { attribute, element, icon, write } from "./dom.js";
import { offersChoice } from "./fold.js";
import { pausesOf } from "./pauses.js";
import { fill } from "./words.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Scene} Scene */
/** @typedef {import("./fold.js").Mode} Mode */
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
 * @typedef {object} Actions
 * @property {(move: Move) => void} move
 * @property {(step: number) => void} go
 * @property {(mode: Mode) => void} changeMode
 * @property {(about: string) => void} changeAbout
 * @property {() => void} play
 * @property {() => void} fullScreen
 */

/**
 * @param {Storyboard} story
 * @param {Actions} act
 * @param {{menu: HTMLElement, pauses: () => number[]}} lecture
 */
export function controlsOf(story, act, lecture) {
  const { texts } = story;
  const setup = setupOf(story, act);
  const pauses = pausesOf(story, lecture.pauses);

  const buttons = Object.fromEntries(
    MOVES.map((move) => [move, buttonOf(texts[move], ICONS[move], move, () => act.move(move))]),
  );
  const play = buttonOf(texts.play, ICONS.play, "play", act.play);
  const screen = buttonOf(texts.fullscreen, ICONS.fullscreen, "fullscreen", act.fullScreen);
  attribute(screen, "aria-pressed", "false");
  const progress = element("span", { class: "step-count" });
  const slider = element("input", { type: "range", min: 1, max: 1, step: 1, "aria-label": texts.position });
  slider.addEventListener("input", () => act.go(Number(slider.value)));

  // A form of its own: the radios of two steppers on one page must not be one group.
  const node = element(
    "form",
    { class: "controls" },
    ...setup.nodes,
    progress,
    element("div", { class: "transport" }, ...MOVES.map((move) => buttons[move]), play),
    slider,
    ...pauses.nodes,
    lecture.menu,
    screen,
  );
  node.addEventListener("submit", (event) => event.preventDefault());

  return {
    node,
    /**
     * @param {Scene} scene
     * @param {{mode: Mode, about: string, playing: boolean, full: boolean}} setting
     */
    update(scene, { mode, about, playing, full }) {
      const { step, steps } = scene;
      setup.update(mode, about);
      pauses.update(scene);
      // aria-disabled, not disabled: a button that vanishes from under the keyboard would take the focus with it.
      for (const move of MOVES) {
        const atEnd = move === "first" || move === "previous" ? step <= 1 : step >= steps;
        attribute(buttons[move], "aria-disabled", atEnd ? "true" : null);
      }
      attribute(play, "aria-disabled", steps < 2 ? "true" : null);
      rename(play, playing ? texts.pause : texts.play);
      attribute(/** @type {Element} */ (play.querySelector("path")), "d", playing ? ICONS.pause : ICONS.play);
      attribute(screen, "aria-pressed", String(full));
      const told = steps ? fill(texts.progress, { step, steps }) : "";
      write(progress, told);
      attribute(slider, "max", String(Math.max(steps, 1)));
      attribute(slider, "aria-valuetext", told || null);
      slider.value = String(step);
      slider.style.setProperty("--done", `${steps > 1 ? ((step - 1) / (steps - 1)) * 100 : 0}%`);
      slider.disabled = steps < 2;
    },
  };
}

/**
 * The choice of accumulation, and of the variable that it is about.
 * @param {Storyboard} story
 * @param {Actions} act
 */
function setupOf(story, act) {
  const { texts, choices } = story;
  /** @type {Record<Mode, HTMLInputElement>} */
  const radios = { evaluation: radioOf("evaluation"), forward: radioOf("forward"), reverse: radioOf("reverse") };
  const modes = element("fieldset", { class: "modes" }, element("legend", {}, texts.mode));
  for (const mode of /** @type {Mode[]} */ (["evaluation", "forward", "reverse"])) {
    modes.append(element("label", { class: mode }, radios[mode], element("span", {}, texts[mode])));
    radios[mode].disabled = choices[mode].length === 0;
    radios[mode].addEventListener("change", () => act.changeMode(mode));
  }
  const select = element("select");
  select.addEventListener("change", () => act.changeAbout(select.value));
  const question = element("span");
  const chooser = element("label", { class: "about" }, question, select);
  /** @type {Mode | null} */
  let listed = null;

  return {
    nodes: [modes, chooser],
    /**
     * @param {Mode} mode
     * @param {string} about
     */
    update(mode, about) {
      for (const [name, radio] of Object.entries(radios)) {
        radio.checked = name === mode;
      }
      // Hidden, not removed: its room stays, so nothing below it moves.
      chooser.classList.toggle("absent", !offersChoice(story, mode));
      if (listed !== mode) {
        listed = mode;
        write(question, mode === "forward" ? texts.wrt : texts.of);
        select.replaceChildren(...choices[mode].map(({ key, text }) => element("option", { value: key }, text)));
      }
      select.value = about;
    },
  };
}

/**
 * @param {Mode} mode
 * @returns {HTMLInputElement}
 */
function radioOf(mode) {
  return element("input", { type: "radio", name: "mode", value: mode });
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
