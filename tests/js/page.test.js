import assert from "node:assert/strict";
import { test } from "node:test";

import { modelOf } from "../../autograd_lab/views/static/page.js";
import { forwardFromY, reverse, storyboard, sweeps } from "./lesson.js";

const opened = () => modelOf({ storyboard, sweeps, mode: "reverse", about: "w5", step: 1, parts: ["graph"] });

test("the page's model has the chosen sweep, and none where it holds none", () => {
  const model = opened();
  assert.equal(model.get("sweep"), reverse);
  model.set("mode", "forward");
  assert.deepEqual(model.get("sweep"), {});
  model.set("about", "w2");
  assert.equal(model.get("sweep"), forwardFromY);
});

test("listeners hear changes, and only those, until they are taken off", () => {
  const model = opened();
  const heard = [];
  const listener = () => heard.push(model.get("step"));
  model.on("change:step", listener);
  model.set("step", 2);
  model.set("step", 2);
  model.set("mode", "forward");
  model.off("change:step", listener);
  model.set("step", 3);
  model.save_changes();
  assert.deepEqual(heard, [2]);
});
