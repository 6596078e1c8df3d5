import assert from "node:assert/strict";
import { test } from "node:test";

import { correction, fitting, scrolled } from "../../autograd_lab/views/static/viewport.js";

test("a picture fits by its longer side, and a small one is not blown up", () => {
  assert.equal(fitting({ width: 1000, height: 100 }, { width: 500, height: 500 }), 0.5);
  assert.equal(fitting({ width: 100, height: 1000 }, { width: 500, height: 500 }), 0.5);
  assert.equal(fitting({ width: 10, height: 10 }, { width: 500, height: 500 }), 1.35);
});

test("the point under the pointer stays under it when the scale changes", () => {
  for (const [scroll, point, ratio] of [[0, 100, 2], [300, 50, 1.25], [300, 50, 0.8]]) {
    const before = (scroll + point) / 1;
    assert.equal((scrolled(scroll, point, ratio) + point) / ratio, before);
  }
});

const CORRECTIONS = [
  ["what is in sight stays where it is", 100, 50, 400, 0],
  ["what lies to the right is brought to the middle", 500, 50, 400, 325],
  ["what lies to the left is brought to the middle", -100, 50, 400, -275],
  ["what is cut off at the edge is brought to the middle", 380, 50, 400, 205],
  ["what just fits is not moved to and fro", 0, 400, 400, 0],
];

for (const [what, from, length, room, expected] of CORRECTIONS) {
  test(what, () => assert.equal(correction(from, length, room), expected));
}
