/**
 * The state of every node and edge at a step: a fold over the steps so far. Pure: no page, no model.
 *
 * Nothing of a later step enters the result, so what is drawn from it can give nothing away.
 */

import { manyAt } from "./many.js";

/**
 * @typedef {object} Storyboard
 * @property {string} title
 * @property {string} language
 * @property {string | null} svg the picture
 * @property {string[]} notices
 * @property {"kernel" | "saved" | "none"} experiments who answers checks and nudges
 * @property {string} [legend] how to read the heat maps, where there are some
 * @property {{label: string, name: string | null, text: string, mathml: string, primal: string, input: boolean, scope: string, array?: NodeArray}[]} nodes
 * @property {{id: string, source: string, target: string}[]} edges
 * @property {Record<Mode, {key: string, text: string}[]>} choices
 * @property {{label: string, name: string, shape: number[], values: string[] | null, primal: string}[]} inputs
 * @property {boolean} live whether a kernel can compute with other inputs
 * @property {number} [answered] the number of the request for other inputs that this story answers
 * @property {string} [failed] why there is no answer to it
 * @property {Passage[]} source the code that made the nodes
 * @property {Record<string, string>} texts
 * @property {{key: string, name: string, text: string, scope: boolean, after: number}[]} boxes nodes that stand together: a
 *   closed scope, or what lies around a cut; `after` is how many nodes come before it
 * @property {{id: string, source: string, target: string, count: number}[]} links edges into or out of a box
 * @property {string[]} frames the open scopes that are to be seen
 * @property {string[]} opened
 * @property {string | null} focus the node that it is cut around
 * @property {[number, number] | null} depth
 * @property {boolean} openable whether a kernel can open and close boxes
 */

/**
 * @typedef {object} Passage
 * @property {string} title
 * @property {string} code
 * @property {[number, number, string[]][]} marks from a character to before another, and the nodes made there
 */

/**
 * What stands on an edge: a local derivative as symbol and number, or a linear map; `change` is what becomes of the shape.
 * @typedef {{text: string, number: string, change?: string}} Local
 */

/**
 * An array: its elements as text, or the cells of a heat map with minimum, mean, maximum, full scale and the count of
 * elements that are not finite.
 * @typedef {{cells?: string[], heat?: string, stats?: string[]}} ArrayTold
 * @typedef {ArrayTold & {shape: string, dtype: string}} NodeArray
 */

/** @typedef {"evaluation" | "forward" | "reverse"} Mode a phase: the primal sweep, or a mode of accumulation */

/**
 * @typedef {object} Step
 * @property {"node" | "seed" | "edge" | "box"} kind a "node" step evaluates it, and has none of what an accumulation is
 *   about; a "box" step stands for all that happens in a box in one go
 * @property {string | null} edge
 * @property {string} node the receiver
 * @property {string} sentence
 * @property {string} equation
 * @property {string[]} formula the equations as lines of text
 * @property {string | null} term the contribution as a formula
 * @property {Local | null} local
 * @property {string | null} incoming
 * @property {string | null} contribution
 * @property {string} before
 * @property {string} total
 * @property {ArrayTold} [array] the total, where it is an array with elements
 * @property {number} arrived
 * @property {number} expected
 * @property {boolean} completes
 * @property {boolean} reached
 * @property {string[]} zeros
 * @property {boolean} [veiled] whether the value that a "node" step brings is hidden (veil.js)
 * @property {string} [box] the box that the step, or its seed, lies in
 * @property {number} [visited] how many of the box's edges or nodes are done with it
 * @property {string[]} [links]
 * @property {Received[]} [received] what shown nodes get out of the box
 * @property {string} [inside] the node of the box that is visited first
 */

/** @typedef {{node: string, total: string, array?: ArrayTold, arrived: number, expected: number, completes: boolean, reached: boolean}} Received */

/**
 * @typedef {object} Sweep
 * @property {Mode} mode
 * @property {string} about
 * @property {Record<string, string>} symbols
 * @property {Step[]} steps
 * @property {Record<string, number>} [boxes] how many edges or nodes of each box it visits
 * @property {PathSums | null} [paths] null for one that stopped; an evaluation has none
 * @property {Record<string, import("./check.js").Checked>} [checks] by label, where the page holds them
 * @property {Record<string, Record<string, import("./check.js").Moved>>} [nudges] by h, then by label
 */

/**
 * @typedef {object} PathSums
 * @property {string} summary
 * @property {{node: string, mathml: string, text: string}[]} lines
 */

/**
 * @typedef {object} NodeState
 * @property {"waiting" | "seed" | "partial" | "complete" | "unreached"} status unreached: complete, and 0 because no
 *   path leads here from the seed
 * @property {string} total "" while waiting
 * @property {ArrayTold | null} array
 * @property {number} arrived
 * @property {number} expected
 * @property {boolean} reached whether a contribution that the seed leads to has arrived
 * @property {boolean} current
 * @property {boolean} evaluated whether its value is known yet; only an evaluation begins before that
 * @property {boolean} veiled whether its value is hidden until asked for
 * @property {string} terms the formulas of its contributions so far, as MathML
 */

/**
 * @typedef {object} EdgeState
 * @property {"waiting" | "visited" | "current"} status
 * @property {Local | null} local
 * @property {boolean} reached whether the seed reaches the edge
 * @property {boolean} evaluated whether the node that it leads into is
 */

/**
 * @typedef {object} Scene
 * @property {number} step from 1; 0 where there is no sweep to show
 * @property {number} steps
 * @property {Step | null} current
 * @property {string | null} operation the node that is evaluated, or whose operation the step differentiates
 * @property {Map<string, NodeState>} nodes
 * @property {Map<string, EdgeState>} edges
 * @property {Map<string, import("./many.js").BoxState>} boxes
 * @property {Map<string, import("./many.js").LinkState>} links
 */

/** @type {Readonly<NodeState>} */
const UNTOUCHED_NODE = Object.freeze({
  status: "waiting",
  total: "",
  array: null,
  arrived: 0,
  expected: 0,
  reached: false,
  current: false,
  evaluated: true,
  veiled: false,
  terms: "",
});

/** What comes out of a box has no formula: a network has too many. */
const UNTOLD = '<span class="untold">…</span>';

/** @type {Readonly<NodeState>} */
const UNEVALUATED_NODE = Object.freeze({ ...UNTOUCHED_NODE, evaluated: false });

/** @type {Readonly<NodeState>} */
const VEILED_NODE = Object.freeze({ ...UNTOUCHED_NODE, veiled: true });

/** @type {Readonly<EdgeState>} */
const UNTOUCHED_EDGE = Object.freeze({ status: "waiting", local: null, reached: true, evaluated: true });

/** @type {Readonly<EdgeState>} */
const UNEVALUATED_EDGE = Object.freeze({ ...UNTOUCHED_EDGE, evaluated: false });

/**
 * A step number that exists: from 1 to the number of steps.
 * @param {number} step
 * @param {number} steps
 * @returns {number}
 */
export function clamp(step, steps) {
  return Math.min(Math.max(Math.trunc(step) || 1, 1), Math.max(steps, 1));
}

/**
 * What is to be seen at a step (from 1); without a sweep, what is to be seen before any.
 * @param {Storyboard} story
 * @param {Sweep | null} sweep
 * @param {number} step
 * @returns {Scene}
 */
export function fold(story, sweep, step) {
  if (sweep?.mode === "evaluation") {
    return foldEvaluation(story, sweep, step);
  }
  /** @type {Map<string, NodeState>} */
  const nodes = new Map(story.nodes.map(({ label }) => [label, UNTOUCHED_NODE]));
  /** @type {Map<string, EdgeState>} */
  const edges = new Map(story.edges.map(({ id }) => [id, UNTOUCHED_EDGE]));
  if (!sweep) {
    return { step: 0, steps: 0, current: null, operation: null, nodes, edges, ...manyAt(story, null, 0) };
  }
  const steps = sweep.steps.length;
  const shown = clamp(step, steps);
  for (const [index, visit] of sweep.steps.slice(0, shown).entries()) {
    const current = index === shown - 1;
    if (visit.kind === "box") {
      for (const change of visit.received ?? []) {
        nodes.set(change.node, received(nodes.get(change.node) ?? UNTOUCHED_NODE, { ...change, kind: "box", term: UNTOLD }, false));
      }
      continue;
    }
    if (visit.edge !== null) {
      const status = current ? "current" : "visited";
      edges.set(visit.edge, { status, local: visit.local, reached: visit.reached, evaluated: true });
    }
    for (const label of visit.zeros ?? []) {
      nodes.set(label, { ...UNTOUCHED_NODE, status: "seed", total: "0" });
    }
    nodes.set(visit.node, received(nodes.get(visit.node) ?? UNTOUCHED_NODE, visit, current));
  }
  const current = sweep.steps[shown - 1];
  const operation = current.edge === null ? current.node : targetOf(current.edge);
  return { step: shown, steps, current, operation, nodes, edges, ...manyAt(story, sweep, shown) };
}

/**
 * The evaluation: a node appears with the step that computes it, and the edges into it.
 * @param {Storyboard} story
 * @param {Sweep} sweep
 * @param {number} step
 * @returns {Scene}
 */
function foldEvaluation(story, sweep, step) {
  const steps = sweep.steps.length;
  const shown = clamp(step, steps);
  const current = sweep.steps[shown - 1];
  const done = new Map(sweep.steps.slice(0, shown).map(({ node, veiled = false }) => [node, veiled]));
  const here = Object.freeze({ ...UNTOUCHED_NODE, current: true, veiled: done.get(current.node) ?? false });
  const stateOf = (/** @type {string} */ label) => (done.get(label) ? VEILED_NODE : done.has(label) ? UNTOUCHED_NODE : UNEVALUATED_NODE);
  return {
    step: shown,
    steps,
    current,
    operation: current.node,
    nodes: new Map(story.nodes.map(({ label }) => [label, label === current.node ? here : stateOf(label)])),
    edges: new Map(story.edges.map(({ id, target }) => [id, done.has(target) ? UNTOUCHED_EDGE : UNEVALUATED_EDGE])),
    ...manyAt(story, sweep, shown),
  };
}

/**
 * The node that an edge leads into, by its id: "w3" of "w1->w3" and of "w1->w3#1".
 * @param {string} edge
 * @returns {string}
 */
function targetOf(edge) {
  return edge.split("->")[1].split("#")[0];
}

/**
 * The step that shows a thing: that of an edge; for a node the one that completes it, or sets it to 0. Null if none does.
 * @param {Sweep | null} sweep
 * @param {import("./link.js").Thing} thing
 * @returns {number | null}
 */
export function stepOf(sweep, thing) {
  if ("box" in thing || "frame" in thing) {
    const first = "box" in thing ? (sweep?.steps ?? []).findIndex((step) => step.box === thing.box) : -1;
    return first < 0 ? null : first + 1;
  }
  const found = (sweep?.steps ?? []).findLastIndex((step) =>
    "edge" in thing ? step.edge === thing.edge : step.node === thing.node || step.zeros?.includes(thing.node),
  );
  return found < 0 ? null : found + 1;
}

/**
 * A node after one more contribution.
 * @param {NodeState} before
 * @param {Pick<Step, "kind" | "term" | "total" | "arrived" | "expected" | "completes" | "reached">} visit
 * @param {boolean} current
 * @returns {NodeState}
 */
function received(before, visit, current) {
  const reached = before.reached || visit.reached;
  const { total, array = null, arrived, expected } = visit;
  const terms = visit.term === null ? "" : (before.terms && `${before.terms}<span class="plus">+</span>`) + visit.term;
  const status = statusOf(visit, reached);
  return { status, total, array, arrived, expected, reached, current, evaluated: true, veiled: false, terms };
}

/**
 * @param {Pick<Step, "kind" | "completes">} visit
 * @param {boolean} reached
 * @returns {NodeState["status"]}
 */
function statusOf(visit, reached) {
  if (visit.kind === "seed") {
    return "seed";
  }
  if (!visit.completes) {
    return "partial";
  }
  return reached ? "complete" : "unreached";
}

/**
 * Whether a node or an edge is as it was.
 * @template {NodeState | EdgeState} T
 * @param {T} state
 * @param {T | undefined} before
 * @returns {boolean}
 */
export function sameState(state, before) {
  if (state === before || !before) {
    return state === before;
  }
  const keys = /** @type {(keyof T)[]} */ (Object.keys(state));
  return keys.every((key) => state[key] === before[key]);
}

/**
 * What a change of mode sets: the first choice of that mode, from its first step.
 * @param {Storyboard} story
 * @param {Mode} mode
 * @returns {{mode: Mode, about: string, step: number}}
 */
export function startOf(story, mode) {
  return { mode, about: story.choices[mode][0]?.key ?? "", step: 1 };
}

/**
 * Whether there is anything to choose: always among inputs, among outputs only where there are several.
 * @param {Storyboard} story
 * @param {Mode} mode
 * @returns {boolean}
 */
export function offersChoice(story, mode) {
  return mode === "forward" || (mode === "reverse" && story.choices.reverse.length > 1);
}
