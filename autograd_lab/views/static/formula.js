/**
 * The equation of the current step in large type, and its sentence, which is also what a screen reader is told.
 */

import { element, write } from "./dom.js";

/** @typedef {import("./fold.js").Scene} Scene */
/** @typedef {import("./fold.js").Storyboard} Storyboard */

/**
 * @param {boolean} visible whether to show them, or only to speak the sentence
 */
export function formulaOf(visible) {
  const equation = element("div", { class: "equation" });
  const sentence = element("p", { class: "sentence", role: "status" });
  const node = visible
    ? element("div", { class: "formula" }, equation, sentence)
    : element("div", { class: "spoken-only" }, sentence);
  let shown = "";

  return {
    node,
    /** @param {Scene} scene */
    update({ current }) {
      const mathml = current?.equation ?? "";
      if (visible && mathml !== shown) {
        shown = mathml;
        equation.innerHTML = mathml; // made and escaped by explain/mathml.py
      }
      write(sentence, current?.sentence ?? "");
    },
  };
}

/**
 * Sentences about the whole: what is not drawn, what was left out, what is still awaited.
 * @param {Storyboard} story
 */
export function noticesOf(story) {
  const waiting = element("p", { class: "waiting", hidden: true }, story.texts.waiting);
  const node = element("div", { class: "notices" }, ...story.notices.map((text) => element("p", {}, text)), waiting);
  return {
    node,
    /** @param {Scene} scene */
    update({ steps }) {
      waiting.hidden = steps > 0;
    },
  };
}
