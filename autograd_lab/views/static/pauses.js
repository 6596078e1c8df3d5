/**
 * Pause points: where Play stops, marked on the slider and said in words.
 */

import { element, write } from "./dom.js";
import { fill } from "./words.js";

/**
 * @param {import("./fold.js").Storyboard} story
 * @param {() => number[]} pauses
 */
export function pausesOf(story, pauses) {
  const marks = element("div", { class: "pause-marks", "aria-hidden": "true" });
  const words = element("p", { class: "pauses" });
  return {
    nodes: [marks, words],
    /** @param {import("./fold.js").Scene} scene */
    update({ steps }) {
      const here = pauses().filter((step) => step <= steps);
      const listed = here.join(", ");
      words.hidden = here.length === 0;
      write(words, fill(story.texts.pausesAt, { steps: listed }));
      const standing = `${listed} / ${steps}`;
      if (marks.dataset.steps !== standing) {
        marks.dataset.steps = standing;
        marks.replaceChildren(...here.map((step) => markAt(steps > 1 ? (step - 1) / (steps - 1) : 0)));
      }
    },
  };
}

/** @param {number} part of the slider's way */
function markAt(part) {
  const mark = element("i");
  mark.style.setProperty("--at", String(part));
  return mark;
}
