import assert from "node:assert/strict";
import { test } from "node:test";

import { cellOf, checksAt, nudgeAt, nudgeable } from "../../autograd_lab/views/static/check.js";
import { fold } from "../../autograd_lab/views/static/fold.js";
import { pathsAt } from "../../autograd_lab/views/static/paths.js";
import { forwardFromX, reverse, storyboard } from "./lesson.js";

const { texts } = storyboard;
const values = Object.fromEntries(
  ["w1", "w2", "w3", "w4", "w5"].map((label) => [label, { number: "1", verdict: "agrees", text: "central difference 1: agrees" }]),
);
const quiet = { checking: false, checks: null, nudge: null, nudged: null };
const checking = { ...quiet, checking: true, checks: { mode: "reverse", about: "w5", values } };
const at = (step, sweep = reverse) => fold(storyboard, sweep, step);

test("no check is shown before it is asked for, nor while the answer is still to come", () => {
  assert.equal(checksAt(at(6), reverse, { ...checking, checking: false }), null);
  assert.equal(checksAt(at(6), reverse, { ...checking, checks: null }), null);
  assert.equal(checksAt(at(6), reverse, { ...checking, checks: {} }), null);
});

test("only derivatives that are complete at the step have their check", () => {
  const shown = (step) => [...checksAt(at(step), reverse, checking).keys()];
  assert.deepEqual(shown(1), ["w5"]);
  assert.deepEqual(shown(3), ["w3", "w4", "w5"]);
  assert.deepEqual(shown(4), ["w3", "w4", "w5"]); // w1 has one contribution of two: its check would give the rest away
  assert.deepEqual(shown(6), ["w1", "w2", "w3", "w4", "w5"]);
});

test("an answer of another sweep is not shown", () => {
  const forward = at(6, forwardFromX);
  assert.equal(checksAt(forward, forwardFromX, checking), null);
  assert.equal(checksAt(at(6), reverse, { ...checking, checks: { ...checking.checks, about: "w4" } }), null);
});

test("a page's own checks need no kernel", () => {
  const held = { ...reverse, checks: values };
  assert.equal(checksAt(at(6), held, { ...quiet, checking: true }).size, 5);
});

test("a cell shows the difference and its mark", () => {
  assert.equal(cellOf(texts, values.w1), "1 ✓");
  assert.equal(cellOf(texts, { number: "0", verdict: "kink", text: "" }), "0 kink");
  assert.equal(cellOf(texts, { number: "", verdict: "undefined", text: "" }), "none");
  assert.equal(cellOf(texts, undefined), "");
});

test("every verdict has a mark", () => {
  for (const verdict of ["agrees", "differs", "kink", "rough", "undefined", "failed", "changed", "skipped"]) {
    assert.ok(texts[`verdict_${verdict}`], verdict);
  }
});

const wanted = { mode: "reverse", about: "w5", node: "w1", h: "0.1" };
const nudged = { ...wanted, moved: "0.2539", predicted: "0.2584" };

test("a nudge says what the adjoint says as soon as the adjoint is complete, and not before", () => {
  const said = (step) => nudgeAt(storyboard, at(step), reverse, { ...quiet, nudge: wanted, nudged });
  assert.equal(said(5), "w1 moved by 0.1: the output w5 moves by 0.2539; h times the adjoint says 0.2584");
  for (const step of [1, 4]) {
    assert.equal(said(step), "w1 moved by 0.1: the output w5 moves by 0.2539; the adjoint is not complete at this step");
  }
});

test("a forward nudge moves the input and watches the node", () => {
  const nudge = { mode: "forward", about: "w1", node: "w3", h: "0.1" };
  const said = nudgeAt(storyboard, at(6, forwardFromX), forwardFromX, {
    ...quiet,
    nudge,
    nudged: { ...nudge, moved: "0.3", predicted: "0.3" },
  });
  assert.equal(said, "w1 moved by 0.1: w3 moves by 0.3; h times the tangent says 0.3");
});

test("nothing is said of a nudge that is of another sweep, another node or another h", () => {
  for (const other of [{ mode: "forward" }, { about: "w4" }, { node: "w2" }, { h: "0.2" }]) {
    assert.equal(nudgeAt(storyboard, at(6), reverse, { ...quiet, nudge: { ...wanted, ...other }, nudged }), "");
    assert.equal(nudgeAt(storyboard, at(6), reverse, { ...quiet, nudge: wanted, nudged: { ...nudged, ...other } }), "");
  }
  assert.equal(nudgeAt(storyboard, at(6), reverse, { ...quiet, nudge: wanted, nudged: null }), "");
});

test("a page answers with the nudges that it holds", () => {
  const held = { ...reverse, nudges: { 0.1: { w1: { moved: "0.2539", predicted: "0.2584" }, w2: { error: "singular" } } } };
  assert.match(nudgeAt(storyboard, at(6), held, { ...quiet, nudge: wanted }), /moves by 0.2539/);
  const failed = nudgeAt(storyboard, at(6), held, { ...quiet, nudge: { ...wanted, node: "w2" } });
  assert.equal(failed, "This nudge cannot be computed: singular");
});

test("all elements of an array are nudged, and the sentence says so", () => {
  const held = { ...reverse, nudges: { 0.1: { w1: { moved: "1", predicted: "1", all: true } } } };
  assert.match(nudgeAt(storyboard, at(6), held, { ...quiet, nudge: wanted }), /^every element of w1 moved by 0.1/);
});

test("what the sweep gives no derivative cannot be nudged, except inputs", () => {
  const part = { ...reverse, steps: reverse.steps.slice(0, 2) };
  assert.deepEqual(nudgeable(storyboard, part).map(({ label }) => label), ["w1", "w2", "w3", "w5"]);
  assert.equal(nudgeable(storyboard, reverse).length, 5);
});

test("the sum over paths is there at the last step and at no other", () => {
  for (const sweep of [reverse, forwardFromX]) {
    assert.equal(sweep.paths.lines.length, sweep === reverse ? 2 : 1);
    for (let step = 1; step < 6; step += 1) {
      assert.equal(pathsAt(at(step, sweep), sweep), null);
    }
    assert.equal(pathsAt(at(6, sweep), sweep), sweep.paths);
  }
  assert.equal(pathsAt(fold(storyboard, null, 6), null), null);
});
