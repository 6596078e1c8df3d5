import assert from "node:assert/strict";
import { test } from "node:test";

import { PAUSE_BETWEEN_STEPS, playerOf } from "../../autograd_lab/views/static/player.js";

/** A player over six steps, with a clock that ticks when it is told to. */
function playing(step, steps = 6, { pauses = [], speed = 1 } = {}) {
  const state = { step, steps, speed, changes: 0, timers: [], delays: [] };
  const player = playerOf(
    {
      position: () => state,
      go(next) {
        state.step = next;
        player.moved();
      },
      changed: () => (state.changes += 1),
      pausesAt: (reached) => pauses.includes(reached),
      speed: () => state.speed,
    },
    { set: (run, delay) => state.delays.push(delay) && state.timers.push(run), clear: () => (state.timers = []) },
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

test("Play stops at a pause point, and goes on from there", () => {
  const { state, player, tick } = playing(1, 6, { pauses: [3, 5] });
  player.toggle();
  tick();
  assert.deepEqual([state.step, player.playing, state.timers.length], [3, false, 0]);
  player.toggle();
  assert.deepEqual([state.step, player.playing], [4, true]);
  tick();
  assert.deepEqual([state.step, player.playing], [5, false]);
});

test("a pause point just ahead is one step away", () => {
  const { state, player } = playing(2, 6, { pauses: [3] });
  player.toggle();
  assert.deepEqual([state.step, player.playing], [3, false]);
});

test("twice the speed is half the time, from the next step on", () => {
  const { state, player, tick } = playing(1, 6, { speed: 2 });
  player.toggle();
  state.speed = 0.5;
  tick();
  assert.deepEqual(state.delays, [PAUSE_BETWEEN_STEPS / 2, PAUSE_BETWEEN_STEPS * 2]);
});
