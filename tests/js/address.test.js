import assert from "node:assert/strict";
import { test } from "node:test";

import { linkTo, placeNamed } from "../../autograd_lab/views/static/address.js";
import { storyboard, sweeps } from "./lesson.js";

const stepsOf = (mode, about) => sweeps.find((s) => s.mode === mode && s.about === about)?.steps.length ?? 0;
const here = { mode: "reverse", about: "w5", step: 2 };
const led = (hash) => placeNamed(hash, storyboard, here, stepsOf);

test("a link leads to its step, and what it leaves out stays", () => {
  assert.deepEqual(led("#step=4&mode=reverse&about=w5"), { mode: "reverse", about: "w5", step: 4 });
  assert.deepEqual(led("#step=4"), { mode: "reverse", about: "w5", step: 4 });
  assert.deepEqual(led(""), here);
  assert.deepEqual(led("#another-heading"), here);
  assert.deepEqual(led("#mode=forward"), { mode: "forward", about: "w1", step: 1 });
});

test("an input may be named as a person names it", () => {
  assert.deepEqual(led("#mode=forward&about=y&step=3"), { mode: "forward", about: "w2", step: 3 });
});

test("what there is not becomes the nearest there is", () => {
  const table = {
    "#step=99": 6,
    "#step=0": 1,
    "#step=-3": 1,
    "#step=third": 1,
    "#step=": 1,
    "#step=1e9": 1,
    "#step=9999999999999999999999": 6,
    "#step=2.9": 2,
    "#step=4&mode=sideways": 4,
    "#step=4&mode=constructor": 4,
    "#step=4&about=%3Cscript%3E": 4,
    "#step=4&mode=%": 4,
  };
  for (const [hash, step] of Object.entries(table)) {
    assert.deepEqual(led(hash), { ...here, step }, hash);
  }
});

test("a page that holds one mode opens no other", () => {
  const one = { ...storyboard, choices: { forward: [], reverse: storyboard.choices.reverse } };
  assert.equal(placeNamed("#mode=forward&step=3", one, here, stepsOf).mode, "reverse");
});

test("a link that is written leads back, elements of arrays too", () => {
  const story = { ...storyboard, choices: { forward: [{ key: "w1[0,1]", text: "x[0,1]" }], reverse: [] } };
  const place = { mode: "forward", about: "w1[0,1]", step: 5 };
  assert.deepEqual(placeNamed(linkTo(place), story, here, () => 9), place);
  assert.equal(linkTo(here), "#step=2&mode=reverse&about=w5");
});
