import assert from "node:assert/strict";
import { test } from "node:test";

import { fold } from "../../autograd_lab/views/static/fold.js";
import { arrival, fill, sayEdge, sayNode, splitLabel } from "../../autograd_lab/views/static/words.js";
import { evaluation, forwardFromX, reverse, storyboard, sweeps } from "./lesson.js";

const said = (sweep, step) => {
  const scene = fold(storyboard, sweep, step);
  const nodes = storyboard.nodes.map((n) => sayNode(storyboard, n, sweep.symbols[n.label], scene.nodes.get(n.label), sweep.mode));
  const edges = storyboard.edges.map((e) => sayEdge(storyboard, e, scene.edges.get(e.id), sweep.mode));
  return { nodes, edges };
};

test("a text is filled with the values it names, and keeps what it does not know", () => {
  assert.equal(fill("Step {step} of {steps}", { step: 3, steps: 6 }), "Step 3 of 6");
  assert.equal(fill("{other} $& {step}", { step: "$&" }), "{other} $& $&");
});

test("a node says its state at each step", () => {
  assert.equal(said(reverse, 3).nodes[0], "w1 = x, primal 2, not reached");
  assert.equal(said(reverse, 4).nodes[0], "w1 = x, primal 2, ∂f/∂w₁ = -0.4161, 1 of 2, current step");
  assert.equal(said(reverse, 6).nodes[0], "w1 = x, primal 2, ∂f/∂w₁ = 2.584, complete");
});

test("an edge says its state at each step", () => {
  assert.equal(said(reverse, 4).edges[0], "edge w3 to w1, not reached");
  assert.equal(said(reverse, 5).edges[0], "edge w3 to w1, current step, local derivative w₂ = 3");
  assert.equal(said(reverse, 6).edges[0], "edge w3 to w1, visited, local derivative w₂ = 3");
  assert.match(said(forwardFromX, 3).edges[1], /^edge w2 to w3, .*the seed does not reach w2/);
});

test("in an evaluation only the current node has a state", () => {
  const { nodes, edges } = said(evaluation, 3);
  assert.deepEqual([nodes[2], nodes[0]], ["w3 = w1*w2, primal 6, current step", "w1 = x, primal 2"]);
  assert.equal(edges[0], "edge w1 to w3");
});

test("no tangent or adjoint is spoken before its step", () => {
  for (const sweep of sweeps.filter(({ mode }) => mode !== "evaluation")) {
    sweep.steps.forEach(({ node }, index) => {
      const before = said(sweep, index).nodes;
      const seen = sweep.steps.slice(0, index).some((s) => s.node === node || s.zeros.includes(node));
      if (index && !seen) {
        assert.match(before[storyboard.nodes.findIndex(({ label }) => label === node)], /not reached$/);
      }
    });
  }
});

test("the states of a node read differently without any colour", () => {
  const state = { total: "1", arrived: 1, expected: 2, reached: true, current: false };
  const told = ["waiting", "seed", "partial", "complete", "unreached"].map((status) =>
    arrival(storyboard.texts, { ...state, status }),
  );
  assert.equal(new Set(told).size, told.length);
});

test("a label's number is its subscript", () => {
  assert.deepEqual([splitLabel("w12"), splitLabel("v1"), splitLabel("odd")], [["w", "12"], ["v", "1"], ["odd", ""]]);
});
