import assert from "node:assert/strict";
import { test } from "node:test";

import { clamp, fold, offersChoice, sameState, startOf, stepOf } from "../../autograd_lab/views/static/fold.js";
import { evaluation, forwardFromX, reverse, storyboard, sweeps } from "./lesson.js";

const statuses = (scene) => Object.fromEntries([...scene.nodes].map(([label, { status }]) => [label, status]));
const totals = (scene) => Object.fromEntries([...scene.nodes].map(([label, { total }]) => [label, total]));

test("the seed of a reverse sweep touches the output and no edge", () => {
  const scene = fold(storyboard, reverse, 1);
  assert.deepEqual(totals(scene), { w1: "", w2: "", w3: "", w4: "", w5: "1" });
  assert.equal(scene.nodes.get("w5").status, "seed");
  assert.ok([...scene.edges.values()].every(({ status }) => status === "waiting"));
});

test("the seed of a forward sweep sets the other inputs to zero", () => {
  const scene = fold(storyboard, forwardFromX, 1);
  assert.deepEqual(totals(scene), { w1: "1", w2: "0", w3: "", w4: "", w5: "" });
  assert.equal(scene.nodes.get("w2").current, false);
});

test("two paths into w1 add up: partial after the first, complete after the second", () => {
  const first = fold(storyboard, reverse, 4).nodes.get("w1");
  const second = fold(storyboard, reverse, 5).nodes.get("w1");
  assert.deepEqual([first.total, first.status, first.arrived, first.expected], ["-0.4161", "partial", 1, 2]);
  assert.deepEqual([second.total, second.status], ["2.584", "complete"]);
});

test("at every step after the seed exactly one edge and one node are current", () => {
  for (const sweep of sweeps.filter(({ mode }) => mode !== "evaluation")) {
    for (let step = 1; step <= sweep.steps.length; step += 1) {
      const scene = fold(storyboard, sweep, step);
      const edges = [...scene.edges].filter(([, { status }]) => status === "current").map(([id]) => id);
      const nodes = [...scene.nodes].filter(([, { current }]) => current).map(([label]) => label);
      assert.deepEqual(edges, step === 1 ? [] : [sweep.steps[step - 1].edge]);
      assert.deepEqual(nodes, [sweep.steps[step - 1].node]);
    }
  }
});

test("a step's state does not depend on what comes later", () => {
  for (const sweep of sweeps) {
    for (let step = 1; step <= sweep.steps.length; step += 1) {
      const known = fold(storyboard, { ...sweep, steps: sweep.steps.slice(0, step) }, step);
      const whole = fold(storyboard, sweep, step);
      assert.deepEqual(whole.nodes, known.nodes);
      assert.deepEqual(whole.edges, known.edges);
    }
  }
});

test("an edge that the seed does not reach is visited and marked", () => {
  const edge = fold(storyboard, forwardFromX, 3).edges.get("w2->w3");
  assert.deepEqual([edge.status, edge.reached], ["current", false]);
});

test("a node that only unreached edges lead into is complete, yet not reached", () => {
  const visit = { ...forwardFromX.steps[2], node: "w3", total: "0", arrived: 1, expected: 1, completes: true };
  const sweep = { ...forwardFromX, steps: [forwardFromX.steps[0], visit] };
  assert.equal(fold(storyboard, sweep, 2).nodes.get("w3").status, "unreached");
});

test("in an evaluation nodes appear one by one, each with the edges into it", () => {
  const seen = (kind, step) =>
    [...fold(storyboard, evaluation, step)[kind]].filter(([, { evaluated }]) => evaluated).map(([key]) => key);
  assert.deepEqual([1, 3, 5].map((step) => seen("nodes", step).length), [1, 3, 5]);
  assert.deepEqual([seen("edges", 2), seen("edges", 3)], [[], ["w1->w3", "w2->w3"]]);
  const scene = fold(storyboard, evaluation, 4);
  assert.deepEqual([...scene.nodes].filter(([, { current }]) => current).map(([label]) => label), ["w4"]);
  assert.deepEqual([scene.operation, scene.steps], ["w4", 5]);
  assert.ok([...scene.nodes.values()].every(({ total }) => total === ""));
});

test("the operation of a step is the one that its edge leads into", () => {
  assert.deepEqual([1, 4, 5].map((step) => fold(storyboard, reverse, step).operation), ["w5", "w4", "w3"]);
});

test("a thing is shown by the step that visits it, completes it, sets it to 0 or evaluates it", () => {
  assert.equal(stepOf(reverse, { edge: "w1->w3" }), 5);
  assert.equal(stepOf(reverse, { node: "w1" }), 5);
  assert.equal(stepOf(forwardFromX, { node: "w2" }), 1);
  assert.equal(stepOf(evaluation, { node: "w4" }), 4);
  assert.equal(stepOf(evaluation, { edge: "w1->w3" }), null);
  assert.equal(stepOf(null, { node: "w1" }), null);
});

test("the formula of a node grows by a term a step", () => {
  const terms = (step) => fold(storyboard, reverse, step).nodes.get("w1").terms;
  assert.deepEqual([3, 4, 5].map((step) => terms(step).split("<math>").length - 1), [0, 1, 2]);
});

test("every node is complete at the end", () => {
  assert.deepEqual(statuses(fold(storyboard, reverse, 6)), {
    w1: "complete",
    w2: "complete",
    w3: "complete",
    w4: "complete",
    w5: "seed",
  });
});

test("without a sweep nothing is shown and nothing is counted", () => {
  const scene = fold(storyboard, null, 3);
  assert.deepEqual([scene.step, scene.steps, scene.current], [0, 0, null]);
  assert.ok([...scene.nodes.values()].every(({ total }) => total === ""));
});

test("a step that there is not becomes the nearest one", () => {
  assert.deepEqual([-1, 0, 1, 2.9, 6, 7, NaN].map((step) => clamp(step, 6)), [1, 1, 1, 2, 6, 6, 1]);
  assert.equal(fold(storyboard, reverse, 99).step, 6);
});

test("a change of mode starts its first choice at its first step", () => {
  assert.deepEqual(startOf(storyboard, "forward"), { mode: "forward", about: "w1", step: 1 });
  assert.deepEqual(startOf(storyboard, "reverse"), { mode: "reverse", about: "w5", step: 1 });
});

test("an input is always chosen, an output only among several", () => {
  const two = { ...storyboard, choices: { ...storyboard.choices, reverse: [{}, {}] } };
  assert.deepEqual([offersChoice(storyboard, "forward"), offersChoice(storyboard, "reverse")], [true, false]);
  assert.equal(offersChoice(two, "reverse"), true);
});

test("a thousand nodes fold to their last totals", () => {
  const nodes = Array.from({ length: 1000 }, (_, i) => ({ ...storyboard.nodes[0], label: `w${i}` }));
  const steps = Array.from({ length: 2000 }, (_, i) => ({ ...reverse.steps[1], edge: null, node: `w${i % 1000}`, total: `${i}` }));
  const scene = fold({ ...storyboard, nodes }, { ...reverse, steps }, 2000);
  assert.deepEqual([scene.nodes.size, scene.nodes.get("w7").total], [1000, "1007"]);
});

test("between two steps only what the step touches is another state", () => {
  const [before, after] = [4, 5].map((step) => fold(storyboard, reverse, step));
  const changed = (kind) => [...after[kind]].filter(([key, s]) => !sameState(s, before[kind].get(key))).map(([key]) => key);
  assert.deepEqual(changed("nodes"), ["w1"]);
  assert.deepEqual(changed("edges"), ["w1->w3", "w1->w4"]);
  assert.equal(sameState(after.nodes.get("w1"), undefined), false);
});
