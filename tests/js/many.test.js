import assert from "node:assert/strict";
import { test } from "node:test";

import { fold, stepOf } from "../../autograd_lab/views/static/fold.js";
import { openingOf, progressOf } from "../../autograd_lab/views/static/many.js";

/** w4 depends on the box "a", which depends on w1; the box "b" stands beside. */
const story = {
  nodes: [{ label: "w1" }, { label: "w4" }],
  edges: [],
  boxes: [
    { key: "a", name: "a", text: "2 operations", scope: true, after: 1 },
    { key: "/beside", name: "beside w4", text: "1 operation", scope: false, after: 1 },
  ],
  links: [
    { id: "w1->a", source: "w1", target: "a", count: 2 },
    { id: "a->w4", source: "a", target: "w4", count: 1 },
  ],
  frames: ["c", "c/d"],
  opened: ["c", "c/d"],
  focus: null,
  depth: null,
  openable: true,
};
const received = { node: "w1", total: "7", arrived: 2, expected: 2, completes: true, reached: true };
const part = (visited, links, more) => ({ kind: "box", edge: null, box: "a", node: "w2", visited, links, received: [], inside: "w3", ...more });
const reverse = {
  mode: "reverse",
  about: "w4",
  boxes: { a: 4 },
  steps: [
    { kind: "seed", edge: null, node: "w4", term: null, total: "1", arrived: 0, expected: 0, completes: true, reached: true, zeros: [] },
    part(1, ["a->w4"]),
    part(4, ["w1->a"], { received: [received] }),
  ],
};
const evaluation = {
  mode: "evaluation",
  boxes: { a: 2 },
  steps: [{ kind: "node", edge: null, node: "w1" }, part(2, []), { kind: "node", edge: null, node: "w4" }],
};
const boxAt = (sweep, step) => fold(story, sweep, step).boxes.get("a");

test("a box counts its edges as its parts are visited, and is current at each of them", () => {
  assert.deepEqual(boxAt(reverse, 1), { visited: 0, of: 4, current: false, evaluated: true });
  assert.deepEqual(boxAt(reverse, 2), { visited: 1, of: 4, current: true, evaluated: true });
  assert.deepEqual(boxAt(reverse, 3), { visited: 4, of: 4, current: true, evaluated: true });
  assert.deepEqual([1, 2, 3].map((step) => progressOf(boxAt(reverse, step))), ["waiting", "partial", "complete"]);
});

test("a link is current with the part that visits it, and visited afterwards", () => {
  assert.deepEqual([...fold(story, reverse, 1).links.values()], ["waiting", "waiting"]);
  assert.deepEqual([...fold(story, reverse, 2).links], [["w1->a", "waiting"], ["a->w4", "current"]]);
  assert.deepEqual([...fold(story, reverse, 3).links], [["w1->a", "current"], ["a->w4", "visited"]]);
});

test("what leaves a box arrives at a node only with that part, and no node is current then", () => {
  assert.equal(fold(story, reverse, 2).nodes.get("w1").total, "");
  const { total, status, current } = fold(story, reverse, 3).nodes.get("w1");
  assert.deepEqual([total, status, current], ["7", "complete", false]);
});

test("in an evaluation a box appears with its first part, and the links into a thing with that thing", () => {
  assert.equal(boxAt(evaluation, 1).evaluated, false);
  assert.deepEqual([...fold(story, evaluation, 1).links.values()], ["unevaluated", "unevaluated"]);
  assert.equal(boxAt(evaluation, 2).evaluated, true);
  assert.deepEqual([...fold(story, evaluation, 2).links.values()], ["waiting", "unevaluated"]);
  assert.deepEqual([...fold(story, evaluation, 3).links.values()], ["waiting", "waiting"]);
});

test("before any sweep a box has nothing of it", () => {
  assert.deepEqual(boxAt(null, 1), { visited: 0, of: 0, current: false, evaluated: true });
});

test("a box leads to its first step", () => {
  assert.equal(stepOf(reverse, { box: "a" }), 2);
  assert.equal(stepOf(reverse, { box: "/beside" }), null);
});

const OPENINGS = [
  ["a scope is opened beside those that are", { box: "a" }, {}, { opened: ["c", "c/d", "a"] }],
  ["in a cut the focus goes inside with it", { box: "a" }, { focus: "w4" }, { opened: ["c", "c/d", "a"], focus: "w3" }],
  ["a frame is closed with what is inside it", { frame: "c" }, {}, { opened: [] }],
  ["an inner frame is closed alone", { frame: "c/d" }, {}, { opened: ["c"] }],
  ["where no kernel is nothing opens", { box: "a" }, { openable: false }, null],
  ["a rest that the sweep does not visit stays closed", { box: "/beside" }, {}, null],
];

for (const [what, thing, changed, expected] of OPENINGS) {
  test(what, () => assert.deepEqual(openingOf({ ...story, ...changed }, reverse, thing), expected));
}

test("the rest of a cut is opened by moving the cut to what is visited first in it", () => {
  const rest = { ...reverse, steps: [{ ...reverse.steps[1], box: "/beside" }] };
  assert.deepEqual(openingOf({ ...story, focus: "w4" }, rest, { box: "/beside" }), { focus: "w3" });
});
