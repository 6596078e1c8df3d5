import assert from "node:assert/strict";
import { test } from "node:test";

import { commandOf } from "../../autograd_lab/views/static/keys.js";

const press = (key, target = { tagName: "SECTION" }, modifiers = {}) => commandOf({ key, ...modifiers }, target);

test("the region's keys", () => {
  const keys = ["ArrowLeft", "ArrowRight", "Home", "End", " ", "n", "Escape", "b", ".", "Enter", "Tab", "ArrowDown"];
  const meant = ["previous", "next", "first", "last", "play", "reveal", "leave", null, null, null, null, null];
  assert.deepEqual(keys.map((key) => press(key)), meant);
});

test("a presenter's clicker steps, also with the focus on a button", () => {
  for (const target of [undefined, { tagName: "BUTTON", type: "button" }]) {
    assert.deepEqual([press("PageUp", target), press("PageDown", target)], ["previous", "next"]);
  }
});

test("a button keeps Space, and lets the arrows step", () => {
  const button = { tagName: "BUTTON", type: "button" };
  assert.deepEqual([" ", "Enter", "ArrowRight", "End"].map((key) => press(key, button)), [null, null, "next", "last"]);
});

test("a radio keeps Space and its arrows", () => {
  const radio = { tagName: "INPUT", type: "radio" };
  assert.deepEqual([" ", "ArrowLeft", "ArrowRight"].map((key) => press(key, radio)), [null, null, null]);
});

test("a select, a slider and a text field keep all their keys but Escape", () => {
  for (const target of [{ tagName: "SELECT" }, { tagName: "INPUT", type: "range" }, { tagName: "INPUT", type: "text" }]) {
    assert.deepEqual(["ArrowLeft", "ArrowRight", "Home", "End", " ", "PageDown", "n"].map((key) => press(key, target)), Array(7).fill(null));
    assert.equal(press("Escape", target), "leave");
  }
});

test("keys with a modifier are the browser's", () => {
  for (const modifier of ["ctrlKey", "altKey", "metaKey", "shiftKey"]) {
    assert.equal(press("ArrowRight", undefined, { [modifier]: true }), null);
  }
});
