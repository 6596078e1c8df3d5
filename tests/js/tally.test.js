import assert from "node:assert/strict";
import { test } from "node:test";

import { tally, within } from "../../autograd_lab/views/static/tally.js";

const swept = (node, edges, cells) => ({ node, cost: { edges, multiplications: 2 * edges }, cells, visited: [], unreached: [] });

/** Three inputs and one output: three sweeps against one. */
const story = {
  steps: 3,
  sweeps: {
    forward: [swept("w1", 5, ["7"]), swept("w2", 5, ["8"]), swept("w3", 5, ["9"])],
    reverse: [swept("w6", 4, ["7", "8", "9"])],
  },
  totals: { forward: { sweeps: 3, edges: 15, multiplications: 30 }, reverse: { sweeps: 1, edges: 4, multiplications: 8 } },
};

test("before the first sweep nothing is counted and nothing known", () => {
  for (const mode of ["forward", "reverse"]) {
    assert.deepEqual(tally(story, mode, 0), {
      counts: { sweeps: 0, edges: 0, multiplications: 0 },
      filled: [],
      current: null,
      index: -1,
      state: "",
    });
  }
});

test("each step adds a sweep's cost and its column", () => {
  const { counts, filled, current, index, state } = tally(story, "forward", 2);
  assert.deepEqual(counts, { sweeps: 2, edges: 10, multiplications: 20 });
  assert.deepEqual(filled, [["7"], ["8"]]);
  assert.deepEqual([current.node, index, state], ["w2", 1, ""]);
});

test("the mode with fewer sweeps is done first and stays as it is", () => {
  assert.deepEqual([1, 2, 3].map((step) => tally(story, "reverse", step).state), ["done", "done", "done"]);
  assert.deepEqual([1, 2, 3].map((step) => tally(story, "reverse", step).index), [0, -1, -1]);
  assert.deepEqual(tally(story, "reverse", 3).counts, story.totals.reverse);
  assert.deepEqual([2, 3].map((step) => tally(story, "forward", step).state), ["", "done"]);
});

test("at the end the counts are the totals", () => {
  assert.deepEqual(tally(story, "forward", 3).counts, story.totals.forward);
});

test("a step does not depend on later sweeps", () => {
  for (const step of [0, 1, 2, 3]) {
    const known = { ...story, sweeps: { ...story.sweeps, forward: [...story.sweeps.forward.slice(0, step), swept("w9", 9, ["0"])] } };
    assert.deepEqual(tally(known, "forward", step).filled, tally(story, "forward", step).filled);
    assert.deepEqual(tally(known, "forward", step).counts, tally(story, "forward", step).counts);
  }
});

test("a sweep that had to stop counts its edges and fills nothing", () => {
  const halted = { ...story, sweeps: { ...story.sweeps, reverse: [swept("w6", 1, null)] } };
  const { counts, filled, state } = tally(halted, "reverse", 1);
  assert.deepEqual(counts, { sweeps: 0, edges: 1, multiplications: 2 });
  assert.deepEqual([filled, state], [[null], "stopped"]);
});

test("where sweeps were not run their costs stand from the beginning", () => {
  const counted = { ...story, steps: 0, sweeps: { forward: [], reverse: [] } };
  assert.deepEqual(tally(counted, "forward", 0).counts, story.totals.forward);
  assert.deepEqual([tally(counted, "forward", 0).filled, tally(counted, "forward", 0).state], [[], ""]);
});

test("a step that there is not becomes the nearest one", () => {
  assert.deepEqual([-1, 0, 1, 2.9, 3, 4, NaN].map((step) => within(step, 3)), [0, 0, 1, 2, 3, 3, 0]);
});
