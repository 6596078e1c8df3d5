/**
 * Words: fills the storyboard's texts, and says in one line what a node or an edge is at a step.
 *
 * The spoken labels say what the picture shows at that step, and nothing of a later one.
 */

import { HIDDEN } from "./veil.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").NodeState} NodeState */
/** @typedef {import("./fold.js").EdgeState} EdgeState */
/** @typedef {import("./fold.js").Mode} Mode */

/**
 * Puts values into a text: fill("Step {step} of {steps}", {step: 3, steps: 6}).
 * @param {string} template
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

/**
 * How many contributions a node has: "1 of 2", "✓ complete", "seed", "not reached"; "" before the first.
 * @param {Record<string, string>} texts
 * @param {NodeState} state
 * @returns {string}
 */
export function arrival(texts, state) {
  switch (state.status) {
    case "waiting":
      return "";
    case "seed":
      return texts.seed;
    case "partial":
      return fill(texts.arrived, { k: state.arrived, n: state.expected });
    case "unreached":
      return texts.notReached;
    default:
      return `✓ ${texts.complete}`;
  }
}

/**
 * A derivative in one line: "∂f/∂w₁ = 2"; of an array, which stands below, its name alone.
 * @param {string} symbol
 * @param {NodeState} state
 * @returns {string}
 */
export function derivativeOf(symbol, { total, array }) {
  return total === "" ? "" : array ? symbol : `${symbol} = ${total}`;
}

/**
 * What a screen reader says of an array: its elements, or what they lie between.
 * @param {Record<string, string>} texts
 * @param {string} short its elements or its shape, as it stands in the table
 * @param {import("./fold.js").ArrayTold | null | undefined} array
 * @returns {string}
 */
function sayArray(texts, short, array) {
  if (array?.cells) {
    return fill(texts.elements, { values: array.cells.join(" ") });
  }
  if (!array?.stats) {
    return short;
  }
  const [min, mean, max, , odd] = array.stats;
  const range = fill(texts.range, { min, mean, max });
  return odd ? `${range}, ${fill(texts.heatOdd, { value: odd })}` : range;
}

/**
 * What a screen reader says of a node.
 * @param {Storyboard} story
 * @param {Storyboard["nodes"][number]} node
 * @param {string} symbol what the node's derivative is called in this sweep
 * @param {NodeState} state
 * @param {Mode} mode
 * @returns {string}
 */
export function sayNode(story, node, symbol, state, mode) {
  const { texts } = story;
  const type = node.array ? `${fill(texts.array, node.array)}, ` : "";
  const primal = type + (state.veiled ? HIDDEN : sayArray(texts, node.primal, node.array));
  const what = fill(texts.node, { label: node.label, expression: node.text, primal });
  if (mode === "evaluation") {
    return state.current ? `${what}, ${texts.current}` : what;
  }
  if (state.status === "waiting") {
    return `${what}, ${texts.notReached}`;
  }
  const counted = state.status === "partial" ? arrival(texts, state) : arrival(texts, state).replace("✓ ", "");
  const said = `${what}, ${symbol} = ${sayArray(texts, state.total, state.array)}, ${counted}`;
  return state.current ? `${said}, ${texts.current}` : said;
}

/**
 * What a screen reader says of an edge, from the node that is left to the one that is come to.
 * @param {Storyboard} story
 * @param {Storyboard["edges"][number]} edge
 * @param {EdgeState} state
 * @param {Mode} mode
 * @returns {string}
 */
export function sayEdge(story, edge, state, mode) {
  const { texts } = story;
  const [source, target] = mode === "reverse" ? [edge.target, edge.source] : [edge.source, edge.target];
  const what = fill(texts.edge, { source, target });
  if (mode === "evaluation") {
    return what;
  }
  if (state.status === "waiting") {
    return `${what}, ${texts.notReached}`;
  }
  const said = [what, state.status === "current" ? texts.current : texts.visited];
  if (state.local) {
    said.push(fill(texts.local, { local: [state.local.text, state.local.number].filter(Boolean).join(" = ") }));
    said.push(...(state.local.change ? [state.local.change] : []));
  }
  if (!state.reached) {
    said.push(fill(texts.unreached, { source: edge.source }));
  }
  return said.join(", ");
}

/**
 * A label as letter and number, so that the number can stand as a subscript: "w12" is ["w", "12"].
 * @param {string} label
 * @returns {[string, string]}
 */
export function splitLabel(label) {
  const match = /^([a-z])(\d+)$/.exec(label);
  return match ? [match[1], match[2]] : [label, ""];
}
