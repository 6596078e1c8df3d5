/**
 * Forward against reverse: both modes fill the same Jacobian side by side, a sweep a step, and count what that costs.
 *
 * The model says how many sweeps have been made; all of them are here already. Of the model only get, set, on, off and
 * save_changes are used.
 */

import { element, write } from "./dom.js";
import { obey } from "./keys.js";
import { panelOf } from "./panel.js";
import { playerOf } from "./player.js";
import { screenOf } from "./screen.js";
import { tally, within } from "./tally.js";
import { transportOf } from "./transport.js";
import { fill } from "./words.js";

/** @typedef {import("./tally.js").Comparison} Comparison */
/** @typedef {import("./tally.js").Direction} Direction */

/** @type {Direction[]} */
const DIRECTIONS = ["forward", "reverse"];

/**
 * Draws a model's comparison into an element, and returns what takes it away again.
 * @param {{model: import("./stepper.js").Model, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  const region = element("section", {
    class: "autograd-stepper autograd-comparison",
    role: "region",
    tabindex: 0,
    "data-lm-suppress-shortcuts": "true", // the notebook then leaves every key to us
  });
  /** @type {ReturnType<typeof partsOf>} */
  let parts;
  /** @type {Comparison} */
  let story;
  let step = 0;

  /** @param {number} wanted */
  function go(wanted) {
    const next = within(wanted, story.steps);
    if (next !== step) {
      model.set("step", next);
      model.save_changes();
    }
  }

  // The player counts from 1: step 0, before the first sweep, is its first position.
  const position = () => ({ step: step + 1, steps: story.steps + 1 });
  const player = playerOf({ position, go: (place) => go(place - 1), changed: show });
  const screen = screenOf(region, show);

  const act = {
    /** @param {import("./transport.js").Move} move */
    move: (move) => go({ first: 0, previous: step - 1, next: step + 1, last: story.steps }[move]),
    go,
    play: () => player.toggle(),
    fullScreen: () => void screen.toggle(),
  };

  function build() {
    story = model.get("comparison");
    parts = partsOf(story, act);
    region.lang = story.language;
    region.setAttribute("aria-label", story.texts.compareRegion);
    region.replaceChildren(...parts.nodes);
    refresh();
  }

  function refresh() {
    step = within(model.get("step"), story.steps);
    for (const direction of DIRECTIONS) {
      parts.panels[direction].draw(tally(story, direction, step));
    }
    write(parts.sentence, story.sentences[step]);
    write(parts.closing, step === story.steps ? story.closing : "");
    show();
    player.moved();
  }

  function show() {
    const told = story.steps ? fill(story.texts.sweepProgress, { step, steps: story.steps }) : "";
    parts.transport.update({ first: 0, step, last: story.steps, told, playing: player.playing, full: screen.on });
  }

  obey(region, { move: act.move, play: act.play, close: screen.close });

  build();
  el.classList.add("autograd-stepper-place");
  el.append(region);
  model.on("change:comparison", build);
  model.on("change:step", refresh);
  return () => {
    model.off("change:comparison", build);
    model.off("change:step", refresh);
    player.stop();
    screen.stop();
    region.remove();
  };
}

/**
 * @param {Comparison} story
 * @param {Parameters<typeof transportOf>[1]} act
 */
function partsOf(story, act) {
  const transport = transportOf(story.texts, act, story.texts.sweepPosition);
  const controls = element("form", { class: "controls" }, ...transport.steps, transport.screen);
  controls.addEventListener("submit", (event) => event.preventDefault());
  const panels = { forward: panelOf(story, "forward"), reverse: panelOf(story, "reverse") };
  const sentence = element("span");
  const closing = element("b");
  const nodes = [
    controls,
    element("div", { class: "notices" }, ...story.notices.map((text) => element("p", {}, text))),
    element("div", { class: "panels" }, panels.forward.node, panels.reverse.node),
    element("p", { class: "verdict", role: "status" }, sentence, " ", closing),
  ];
  return { transport, panels, sentence, closing, nodes };
}
