/**
 * What the picture shows of every node and edge at every step of the sweeps on standard input, as JSON: frames.py says it too.
 */

import { readFileSync } from "node:fs";

import { fold } from "../../autograd_lab/views/static/fold.js";
import { arrival } from "../../autograd_lab/views/static/words.js";

const { story, sweeps } = JSON.parse(readFileSync(0, "utf8"));

const nodeLook = (state, symbol) => ({
  classes: [state.status, ...(state.current ? ["current"] : []), ...(state.evaluated ? [] : ["unevaluated"])].filter((name) => name !== "waiting"),
  slots: { derivative: state.total && `${symbol} = ${state.total}`, arrived: arrival(story.texts, state) },
});
const edgeLook = (state) => ({
  classes: [state.status, state.reached ? "" : "unreached-source", state.evaluated ? "" : "unevaluated"].filter((name) => name && name !== "waiting"),
  slots: { local: state.local?.text ?? "", number: state.local?.number ? `= ${state.local.number}` : "" },
});

const looksOf = (sweep) =>
  sweep.steps.map((_, index) => {
    const { nodes, edges } = fold(story, sweep, index + 1);
    return Object.fromEntries([
      ...[...nodes].map(([label, state]) => [label, nodeLook(state, sweep.symbols[label])]),
      ...[...edges].map(([id, state]) => [id, edgeLook(state)]),
    ]);
  });

process.stdout.write(JSON.stringify(sweeps.map(looksOf)));
