import assert from "node:assert/strict";
import { test } from "node:test";

import { fold } from "../../autograd_lab/views/static/fold.js";
import { hideNumbers, veiled } from "../../autograd_lab/views/static/veil.js";
import { reverse, storyboard, sweeps } from "./lesson.js";

test("a sentence loses its numbers and keeps its labels", () => {
  const table = [
    [
      "w1->w4: local cos(w1) = -0.4161, times adjoint 1 = -0.4161; w1 0 -> -0.4161, 1 of 2",
      "w1->w4: local cos(w1) = …, times adjoint … = …; w1 … -> …, … of …",
    ],
    ["seed: adjoint of w5 is 1e-07", "seed: adjoint of w5 is …"],
    ["w2 [0 -1.5] -> inf, nan", "w2 [… …] -> …, …"],
    ["w10->w3#1: local 2*w3", "w10->w3#…: local …*w3"],
    ["information, nano, log1p(w1), x2", "information, nano, log1p(w1), x2"],
    ["w3의 값은 6입니다", "w3의 값은 …입니다"],
  ];
  for (const [said, hidden] of table) {
    assert.equal(hideNumbers(said), hidden);
  }
});

test("an equation keeps its symbols and loses every number", () => {
  const [equation, sum] = veiled(reverse, 0).steps[3].equation.split(/(?=<math)/);
  const whole = reverse.steps[3].equation.split(/(?=<math)/)[0];
  const symbols = whole.slice(0, whole.indexOf("<mo>=</mo><mrow><mn>1"));
  assert.ok(equation.startsWith(symbols), "the generic and the symbolic product stay");
  assert.deepEqual(equation.slice(symbols.length).match(/<mn>[^<]*<\/mn>/g), Array(3).fill("<mn>…</mn>"));
  assert.deepEqual(sum.match(/<mn>[^<]*<\/mn>/g), Array(3).fill("<mn>…</mn>"));
});

test("a local derivative that is a number is hidden on its edge and in the formula", () => {
  const step = veiled(reverse, 0).steps[1];
  assert.deepEqual(step.local, { text: "…", number: "" });
  assert.ok(!/<mn>1<\/mn>/.test(step.equation));
});

test("steps that were asked for are as they were, later ones are hidden", () => {
  const half = veiled(reverse, 3);
  assert.deepEqual(half.steps.slice(0, 3), reverse.steps.slice(0, 3));
  assert.ok(half.steps.slice(3).every(({ total, contribution }) => total === "…" && contribution === "…"));
  assert.deepEqual(veiled(reverse, 6), reverse);
});

test("what is shown of hidden steps holds none of their numbers", () => {
  for (const sweep of sweeps) {
    for (let step = 1; step <= sweep.steps.length; step += 1) {
      const { nodes, edges, current } = fold(storyboard, veiled(sweep, step - 1), step);
      const { total, contribution } = sweep.steps[step - 1];
      for (const secret of [total, contribution].filter((value) => value?.length > 3)) {
        assert.ok(!JSON.stringify([current, edges.get(current.edge)]).includes(secret));
        assert.notEqual(nodes.get(current.node).total, secret);
      }
    }
  }
});

test("hiding twice gives the same steps, so that the parts see no change", () => {
  assert.equal(veiled(reverse, 0).steps[4], veiled(reverse, 2).steps[4]);
});
