import assert from "node:assert/strict";
import { test } from "node:test";

import { playerOf } from "../../autograd_lab/views/static/player.js";

/** A player over six steps, with a clock that ticks when it is told to. */
function playing(step, steps = 6) {
  const state = { step, steps, changes: 0, timers: [] };
  const player = playerOf(
    {
      position: () => state,
      go(next) {
        state.step = next;
        player.moved();
      },
      changed: () => (state.changes += 1),
    },
    { set: (run) => state.timers.push(run), clear: () => (state.timers = []) },
  );
  const tick = () => state.timers.shift()?.();
  return { state, player, tick };
}

test("Play steps at once, then at each tick, and ends at the last step", () => {
  const { state, player, tick } = playing(3);
  player.toggle();
  assert.deepEqual([state.step, player.playing], [4, true]);
  tick();
  assert.deepEqual([state.step, player.playing], [5, true]);
  tick();
  assert.deepEqual([state.step, player.playing], [6, false]);
  assert.equal(state.timers.length, 0);
});

test("Play at the end begins again", () => {
  const { state, player } = playing(6);
  player.toggle();
  assert.deepEqual([state.step, player.playing], [1, true]);
});

test("Pause stops, and tells so", () => {
  const { state, player, tick } = playing(1);
  player.toggle();
  const told = state.changes;
  player.toggle();
  tick();
  assert.deepEqual([state.step, player.playing, state.changes], [2, false, told + 1]);
});

test("a step that somebody else makes ends the playing", () => {
  const { state, player } = playing(1);
  player.toggle();
  state.step = 4;
  player.moved();
  assert.equal(player.playing, false);
});

test("a sweep of one step does not play", () => {
  const { state, player } = playing(1, 1);
  player.toggle();
  assert.deepEqual([state.step, player.playing], [1, false]);
});
