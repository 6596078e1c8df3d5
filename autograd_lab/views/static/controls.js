/**
 * The controls: which accumulation, about which variable, and the buttons that step through it.
 */

import { element, write } from "./dom.js";
import { offersChoice } from "./fold.js";
import { pausesOf } from "./pauses.js";
import { transportOf } from "./transport.js";
import { fill } from "./words.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Scene} Scene */
/** @typedef {import("./fold.js").Mode} Mode */
/** @typedef {import("./transport.js").Move} Move */

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

  const transport = transportOf(texts, act, texts.position);

  // A form of its own: the radios of two steppers on one page must not be one group.
  const node = element(
    "form",
    { class: "controls" },
    ...setup.nodes,
    ...transport.steps,
    ...pauses.nodes,
    lecture.menu,
    transport.screen,
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
      const told = steps ? fill(texts.progress, { step, steps }) : "";
      transport.update({ first: 1, step, last: steps, told, playing, full });
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
