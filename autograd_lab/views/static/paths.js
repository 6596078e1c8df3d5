/**
 * The sum over paths: what the sweep added up edge by edge, written out when it has come to its end.
 *
 * It stands below everything else, so that what appears there moves nothing.
 */

import { element } from "./dom.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Scene} Scene */
/** @typedef {import("./fold.js").Sweep} Sweep */

/**
 * What is to be shown at a step: nothing before the last one, since it holds every derivative of the sweep.
 * @param {Scene} scene
 * @param {Sweep | null} sweep
 * @returns {import("./fold.js").PathSums | null}
 */
export function pathsAt(scene, sweep) {
  return scene.steps > 0 && scene.step === scene.steps ? (sweep?.paths ?? null) : null;
}

/**
 * @param {Storyboard} story
 */
export function pathsOf({ texts }) {
  const lines = element("div", { class: "path-sums" });
  const summary = element("p", { class: "path-count" });
  const node = element("div", { class: "paths", role: "group", "aria-label": texts.paths, hidden: true });
  const title = element("p", { class: "title" }, texts.paths);
  /** @type {import("./fold.js").PathSums | null} */
  let shown = null;

  return {
    node,
    /**
     * @param {Scene} scene
     * @param {Sweep | null} sweep
     */
    draw(scene, sweep) {
      const paths = pathsAt(scene, sweep);
      if (paths === shown) {
        return;
      }
      shown = paths;
      node.hidden = paths === null;
      node.replaceChildren();
      if (paths) {
        lines.replaceChildren(...paths.lines.map(lineOf));
        summary.textContent = paths.summary;
        node.append(title, lines, summary);
      }
    },
  };
}

/**
 * The sum for one end; where there are too many paths for one, how many.
 * @param {import("./fold.js").PathSums["lines"][number]} line
 */
function lineOf({ mathml, text }) {
  const line = element("div", { class: "path-sum" });
  if (mathml) {
    line.innerHTML = mathml; // made and escaped by explain/mathml.py
  } else {
    line.textContent = text;
  }
  return line;
}
