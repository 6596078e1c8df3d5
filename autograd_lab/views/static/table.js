/**
 * The evaluation trace: one row a node, whose derivative appears when a step brings it.
 */

import { attribute, element, reveal, write } from "./dom.js";
import { sameState } from "./fold.js";
import { arrival, splitLabel } from "./words.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Scene} Scene */
/** @typedef {import("./fold.js").Sweep} Sweep */
/** @typedef {import("./fold.js").Mode} Mode */

/**
 * @param {Storyboard} story
 */
export function tableOf(story) {
  const { texts } = story;
  const derivativeHead = element("th", { scope: "col" });
  const heads = [texts.variable, texts.expression, texts.primal].map((text) => element("th", { scope: "col" }, text));
  const rows = new Map(story.nodes.map((described) => [described.label, rowOf(described)]));
  const node = element(
    "div",
    { class: "trace" },
    element(
      "table",
      {},
      element("caption", {}, texts.table),
      element("thead", {}, element("tr", {}, ...heads, derivativeHead, element("th", { scope: "col" }, texts.contributions))),
      element("tbody", {}, ...[...rows.values()].map(({ row }) => row)),
    ),
  );
  /** What stands in the table, so that a step touches only what it changes. @type {Scene | null} */
  let standing = null;
  /** @type {Sweep | null} */
  let standingSweep = null;

  return {
    node,
    /**
     * @param {Scene} scene
     * @param {Sweep | null} sweep
     * @param {Mode} mode
     */
    update(scene, sweep, mode) {
      const before = sweep === standingSweep ? standing : null;
      standing = scene;
      standingSweep = sweep;
      write(derivativeHead, mode === "forward" ? texts.tangent : texts.adjoint);
      for (const [label, { row, symbol, total, contributions }] of rows) {
        const state = scene.nodes.get(label);
        if (!state || sameState(state, before?.nodes.get(label))) {
          continue;
        }
        attribute(row, "class", state.status);
        attribute(row, "aria-current", state.current ? "step" : null);
        write(symbol, state.total === "" ? "" : `${sweep?.symbols[label] ?? ""} = `);
        write(total, state.total);
        write(contributions, state.status === "waiting" ? texts.notReached : arrival(texts, state));
      }
    },
    /** @param {Scene} scene */
    follow(scene) {
      const current = rows.get(scene.current?.node ?? "");
      if (current) {
        reveal(node, current.row);
      }
    },
  };
}

/**
 * @param {Storyboard["nodes"][number]} described
 */
function rowOf(described) {
  const [letter, digits] = splitLabel(described.label);
  const variable = element("th", { scope: "row" }, element("i", {}, letter), element("sub", {}, digits));
  const expression = element("td", { class: "expression" });
  expression.innerHTML = described.mathml; // made and escaped by explain/mathml.py
  const symbol = element("span", { class: "symbol" });
  const total = element("span", { class: "total" });
  const contributions = element("td", { class: "contributions" });
  const row = element(
    "tr",
    {},
    variable,
    expression,
    element("td", { class: "number" }, described.primal),
    element("td", { class: "number derivative" }, symbol, total),
    contributions,
  );
  return { row, symbol, total, contributions };
}
