/**
 * "Step inside" and "Step outside": opens the box that the step is at, closes the scope that it is in; and how far a cut reaches.
 */

import { attribute, element, write } from "./dom.js";
import { fill } from "./words.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Scene} Scene */
/** @typedef {import("./link.js").Thing} Thing */

/**
 * @typedef {object} Reductions
 * @property {(thing: Thing) => void} open opens a box, or closes a frame
 * @property {(depth: [number, number]) => void} reach
 */

/**
 * @param {Storyboard} story
 * @param {Reductions} act
 */
export function insideOf(story, act) {
  const { texts, boxes, frames, focus, depth } = story;
  /** @type {Thing | null} */
  let inner = null;
  /** @type {Thing | null} */
  let outer = null;
  const stepIn = wordButton("step-inside", texts.stepInside, () => inner && act.open(inner));
  const stepOut = wordButton("step-outside", texts.stepOutside, () => outer && act.open(outer));
  const nodes = story.openable && (boxes.length || frames.length) ? [stepIn, stepOut] : [];
  if (focus !== null && depth !== null) {
    const cut = element("span", { class: "cut" });
    write(cut, fill(texts.cutAround, { label: focus }));
    nodes.push(cut);
    if (story.openable) {
      const [up, down] = depth;
      const nearer = wordButton("nearer", texts.showLess, () => act.reach([Math.max(up - 1, 0), Math.max(down - 1, 0)]));
      const farther = wordButton("farther", texts.showMore, () => act.reach([up + 1, down && down + 1]));
      attribute(nearer, "aria-disabled", up + down === 0 ? "true" : null);
      nodes.push(nearer, farther);
    }
  }

  return {
    nodes,
    /** @param {Scene} scene */
    show({ current }) {
      inner = current?.box !== undefined ? { box: current.box } : null;
      const frame = current ? frameOf(story, current) : undefined;
      outer = frame ? { frame } : null;
      attribute(stepIn, "aria-disabled", inner ? null : "true");
      attribute(stepOut, "aria-disabled", outer ? null : "true");
    },
  };
}

/**
 * The innermost open scope around a step's node or box.
 * @param {Storyboard} story
 * @param {import("./fold.js").Step} step
 */
function frameOf(story, step) {
  const scope = step.box ?? story.nodes.find(({ label }) => label === step.node)?.scope ?? "";
  return story.frames.findLast((frame) => (scope === frame && step.box === undefined) || scope.startsWith(`${frame}/`));
}

/**
 * @param {string} kind
 * @param {string} name
 * @param {() => void} press
 */
function wordButton(kind, name, press) {
  const made = element("button", { type: "button", class: kind }, name);
  made.addEventListener("click", () => {
    if (made.getAttribute("aria-disabled") !== "true") {
      press();
    }
  });
  return made;
}
