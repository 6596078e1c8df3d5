/**
 * What the picture shows of every node and edge at every step of the sweeps on standard input, as JSON: frames.py says it too.
 */

import { readFileSync } from "node:fs";

import { drawArray } from "../../autograd_lab/views/static/heat.js";
import { fold } from "../../autograd_lab/views/static/fold.js";
import { countOf } from "../../autograd_lab/views/static/boxes.js";
import { progressOf } from "../../autograd_lab/views/static/many.js";
import { arrival, derivativeOf } from "../../autograd_lab/views/static/words.js";

const { story, sweeps } = JSON.parse(readFileSync(0, "utf8"));

/** What heat.js writes, into slots that stand for themselves here. */
const arrayLook = (array) => {
  const slots = new Map();
  const place = (name) => slots.get(name) ?? slots.set(name, { textContent: "", getAttribute: () => "1", innerHTML: "" }).get(name);
  const cells = array?.cells?.length ?? 0;
  drawArray((name) => (/^cell/.test(name) ? (Number(name.slice(4)) < cells ? place(name) : null) : array?.heat ? place(name) : null), array, story.texts);
  return Object.fromEntries([...slots].filter(([name]) => name !== "heat").map(([name, { textContent }]) => [name, textContent]));
};
const boxLook = (state, mode) => ({
  classes: [mode === "evaluation" ? "" : progressOf(state), state.current ? "current" : "", state.evaluated ? "" : "unevaluated"].filter(
    (name) => name && name !== "waiting",
  ),
  slots: { visited: countOf(story.texts, state, mode) },
});
const linkLook = (state) => ({ classes: [state].filter((name) => name !== "waiting"), slots: {} });
const nodeLook = (state, symbol) => ({
  classes: [state.status, ...(state.current ? ["current"] : []), ...(state.evaluated ? [] : ["unevaluated"])].filter((name) => name !== "waiting"),
  slots: { derivative: derivativeOf(symbol, state), arrived: arrival(story.texts, state), ...arrayLook(state.array) },
});
const edgeLook = (state) => ({
  classes: [state.status, state.reached ? "" : "unreached-source", state.evaluated ? "" : "unevaluated"].filter((name) => name && name !== "waiting"),
  slots: { local: state.local?.text ?? "", number: state.local?.number ? `= ${state.local.number}` : (state.local?.change ?? "") },
});

const looksOf = (sweep) =>
  sweep.steps.map((_, index) => {
    const { nodes, edges, boxes, links } = fold(story, sweep, index + 1);
    return Object.fromEntries([
      ...[...nodes].map(([label, state]) => [label, nodeLook(state, sweep.symbols[label])]),
      ...[...edges].map(([id, state]) => [id, edgeLook(state)]),
      ...[...boxes].map(([key, state]) => [`box ${key}`, boxLook(state, sweep.mode)]),
      ...[...links].map(([id, state]) => [`link ${id}`, linkLook(state)]),
    ]);
  });

process.stdout.write(JSON.stringify(sweeps.map(looksOf)));
