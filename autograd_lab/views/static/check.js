/**
 * Check and nudge: central differences beside the derivatives that are shown, and one node moved by h.
 *
 * In a notebook the kernel answers; an exported page holds the answers with its sweeps. An answer names its sweep: one
 * that comes late, or is of other inputs, is never shown. Nor is one for a derivative that is not complete yet.
 */

import { attribute, element, write } from "./dom.js";
import { HIDDEN } from "./veil.js";
import { fill } from "./words.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Scene} Scene */
/** @typedef {import("./fold.js").Sweep} Sweep */
/** @typedef {import("./fold.js").Mode} Mode */

/** @typedef {{number: string, verdict: string, text: string}} Checked a central difference, and what it says */
/** @typedef {{moved?: string, predicted?: string, all?: boolean, error?: string}} Moved what one nudge did */
/** @typedef {{mode: string, about: string, node: string, h: string}} Wanted which nudge was asked for */

/**
 * @typedef {object} Experiments what the model knows of checks and nudges
 * @property {boolean} checking whether checks are wanted
 * @property {{mode: string, about: string, values: Record<string, Checked>} | null} checks the kernel's answer
 * @property {Wanted | null} nudge
 * @property {(Wanted & Moved) | null} nudged the kernel's answer
 */

const COMPLETE = new Set(["seed", "complete", "unreached"]);

/**
 * The checks that may be shown at a step, by label: of nodes whose derivative is complete. Null while there is no answer.
 * @param {Scene} scene
 * @param {Sweep | null} sweep
 * @param {Experiments} experiments
 * @returns {Map<string, Checked> | null}
 */
export function checksAt(scene, sweep, { checking, checks }) {
  if (!checking || !sweep) {
    return null;
  }
  const values = sweep.checks ?? (isOf(sweep, checks) ? checks?.values : null);
  return values ? new Map(Object.entries(values).filter(([label]) => isComplete(scene, label))) : null;
}

/**
 * The line that says what the nudge asked for did; "" where none was, or the answer is still to come.
 * @param {Storyboard} story
 * @param {Scene} scene
 * @param {Sweep | null} sweep
 * @param {Experiments} experiments
 * @returns {string}
 */
export function nudgeAt({ texts }, scene, sweep, { nudge, nudged }) {
  if (!sweep || !nudge || !isOf(sweep, nudge)) {
    return "";
  }
  const { node, h } = nudge;
  const answered = isOf(sweep, nudged) && nudged?.node === node && nudged?.h === h ? nudged : null;
  const answer = sweep.nudges?.[h]?.[node] ?? answered;
  if (!answer) {
    return "";
  }
  if (answer.error !== undefined) {
    return fill(texts.nudgeFailed, { error: answer.error });
  }
  const { moved = "", predicted = "" } = answer;
  const template = sweep.mode === "forward" ? texts.watched : answer.all ? texts.nudgedAll : texts.nudged;
  const said = fill(template, { node, h, moved, about: sweep.about });
  const forward = sweep.mode === "forward";
  if (!isComplete(scene, node)) {
    return fill(forward ? texts.tangentHidden : texts.adjointHidden, { moved: said });
  }
  return fill(forward ? texts.tangentSays : texts.adjointSays, { moved: said, predicted });
}

/**
 * The nodes that a nudge can be about: all inputs, and what the sweep gives a derivative.
 * @param {Storyboard} story
 * @param {Sweep | null} sweep
 */
export function nudgeable(story, sweep) {
  const reached = new Set((sweep?.steps ?? []).map(({ node }) => node));
  return story.nodes.filter(({ label, input }) => input || reached.has(label));
}

/**
 * @param {Sweep} sweep
 * @param {{mode: string, about: string} | null} answer
 */
function isOf({ mode, about }, answer) {
  return answer?.mode === mode && answer.about === about;
}

/**
 * @param {Scene} scene
 * @param {string} label
 */
function isComplete(scene, label) {
  const state = scene.nodes.get(label);
  // A derivative that is hidden from the room is not told by its difference either.
  return state !== undefined && state.total !== "" && state.total !== HIDDEN && COMPLETE.has(state.status);
}

/**
 * @typedef {object} Fields what stands in the fields of a nudge, which outlive the inputs that they were made for
 * @property {boolean} open
 * @property {string} node
 * @property {string} h
 */

/**
 * @param {Storyboard} story
 * @param {{check: () => void, nudge: (wanted: Wanted) => void, fields: Fields}} act
 */
export function checkOf(story, { check, nudge, fields }) {
  const { texts } = story;
  const saved = story.experiments === "saved";
  const button = element("button", { type: "button", "aria-pressed": "false" }, texts.check);
  const checked = element("p", { class: "checked", "aria-live": "polite" });
  const opener = element("button", { type: "button" }, texts.nudge);
  const nodes = element("select");
  const h = saved ? element("select") : element("input", { type: "number", step: "any", value: fields.h });
  const what = element("span");
  const nudged = element("p", { class: "nudged", "aria-live": "polite" });
  const opened = element("div", { class: "row" }, element("label", {}, what, nodes), element("label", {}, texts.by, h), nudged);
  const node = element(
    "div",
    { class: "check", role: "group", "aria-label": texts.experiments },
    element("div", { class: "row" }, button, checked),
    element("div", { class: "row" }, opener, opened),
  );
  /** @type {Sweep | null} */
  let sweep = null;
  /** @type {Wanted | null} */
  let asked = null;

  function ask() {
    Object.assign(fields, { node: nodes.value, h: h.value });
    if (sweep && h.value !== "") {
      nudge({ mode: sweep.mode, about: sweep.about, node: nodes.value, h: h.value });
    }
  }
  /** A sweep that came while the fields are open is nudged at once. */
  function askOfSweep() {
    attribute(opener, "aria-pressed", String(fields.open));
    opened.hidden = !fields.open;
    if (fields.open && sweep && sweep.mode !== "evaluation" && !isOf(sweep, asked)) {
      ask();
    }
  }
  button.addEventListener("click", check);
  opener.addEventListener("click", () => {
    fields.open = !fields.open;
    askOfSweep();
  });
  nodes.addEventListener("change", ask);
  h.addEventListener("change", ask);

  return {
    node,
    /**
     * @param {Scene} _
     * @param {Sweep | null} latest
     * @param {Mode} mode
     */
    draw(_, latest, mode) {
      node.hidden = mode === "evaluation";
      if (latest === sweep) {
        return;
      }
      sweep = latest;
      const offered = nudgeable(story, sweep);
      const named = offered.map(({ label, name }) => element("option", { value: label }, name ? `${label} (${name})` : label));
      nodes.replaceChildren(...named);
      nodes.value = (offered.find(({ label }) => label === fields.node) ?? offered[0])?.label ?? "";
      if (saved) {
        h.replaceChildren(...Object.keys(sweep?.nudges ?? {}).map((size) => element("option", { value: size }, size)));
        h.value = fields.h;
      }
      write(what, mode === "forward" ? texts.watch : texts.nudgeNode);
    },
    /**
     * @param {Scene} scene
     * @param {{experiments: Experiments}} setting
     */
    control(scene, { experiments }) {
      asked = experiments.nudge;
      attribute(button, "aria-pressed", String(experiments.checking));
      write(checked, experiments.checking ? currentOf(texts, scene, sweep, checksAt(scene, sweep, experiments)) : "");
      write(nudged, nudgeAt(story, scene, sweep, experiments));
      askOfSweep();
    },
  };
}

/**
 * What the check says of the node that the step is about.
 * @param {Record<string, string>} texts
 * @param {Scene} scene
 * @param {Sweep | null} sweep
 * @param {Map<string, Checked> | null} checks
 */
function currentOf(texts, scene, sweep, checks) {
  const label = scene.current?.node ?? "";
  if (!checks) {
    return texts.checking;
  }
  const checked = checks.get(label);
  return checked ? `${sweep?.symbols[label] ?? label}: ${checked.text}` : fill(texts.unchecked, { node: label });
}

/**
 * A check in a cell of the table: the number and its mark.
 * @param {Record<string, string>} texts
 * @param {Checked | undefined} checked
 * @returns {string}
 */
export function cellOf(texts, checked) {
  return checked ? [checked.number, texts[`verdict_${checked.verdict}`]].filter(Boolean).join(" ") : "";
}
