/**
 * The stepper: puts the parts together, listens to the model and to the person, and shows the model's step.
 *
 * The model says which sweep and which step; the parts draw it. All steps are here already, so a key press needs no
 * kernel. Of the model only get, set, on, off and save_changes are used.
 */

import { checkOf } from "./check.js";
import { controlsOf } from "./controls.js";
import { element } from "./dom.js";
import { clamp, fold, startOf, stepOf } from "./fold.js";
import { keepingFocus } from "./focus.js";
import { formulaOf, noticesOf } from "./formula.js";
import { inputsOf } from "./inputs.js";
import { obey } from "./keys.js";
import { lectureOf } from "./lecture.js";
import { markedOf } from "./link.js";
import { openingOf } from "./many.js";
import { pathsOf } from "./paths.js";
import { pictureOf } from "./picture.js";
import { playerOf } from "./player.js";
import { screenOf } from "./screen.js";
import { silenceOf } from "./silence.js";
import { sourceOf } from "./source.js";
import { tableOf } from "./table.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Sweep} Sweep */
/** @typedef {import("./fold.js").Scene} Scene */
/** @typedef {import("./fold.js").Mode} Mode */

/**
 * @typedef {object} Part a view of the step
 * @property {HTMLElement} node
 * @property {(scene: Scene, sweep: Sweep | null, mode: Mode) => void} [draw] shows a step
 * @property {(scene: Scene, setting: Setting) => void} [control]
 * @property {(scene: Scene) => void} [follow] brings what is current into sight
 * @property {(marked: import("./link.js").Marked) => void} [mark] shows what is hovered or focused in any part
 * @property {(event: KeyboardEvent) => boolean} [key] takes a key that is no command of the stepper, and says whether it did
 * @property {(story: Storyboard) => boolean} [renew] takes another story, if it can: the part then stays as it is
 */

/**
 * @typedef {object} Setting
 * @property {Mode} mode
 * @property {string} about
 * @property {boolean} playing
 * @property {boolean} full
 * @property {import("./check.js").Experiments} experiments
 */

/**
 * @typedef {import("./controls.js").Actions & import("./link.js").Links & import("./inside.js").Reductions & {
 *   ask: (values: Record<string, number[]>) => void,
 *   check: () => void,
 *   nudge: (wanted: import("./check.js").Wanted) => void,
 *   fields: import("./check.js").Fields,
 *   place: Partial<import("./viewport.js").Place>,
 * }} Act what a part can do
 */

/**
 * @typedef {object} Model
 * @property {(name: string) => any} get
 * @property {(name: string, value: any) => void} set
 * @property {(event: string, callback: () => void) => void} on
 * @property {(event: string, callback: () => void) => void} off
 * @property {() => void} save_changes
 */

/**
 * Draws a model's stepper into an element, and returns what takes it away again.
 * @param {{model: Model, el: HTMLElement}} place
 * @returns {() => void}
 */
export function render({ model, el }) {
  const region = element("section", {
    class: "autograd-stepper",
    role: "region",
    tabindex: 0,
    "data-lm-suppress-shortcuts": "true", // the notebook then leaves every key to us
  });
  /** Sweeps that came before stay: going back to one needs no kernel. @type {Map<string, Sweep>} */
  const sweeps = new Map();
  /** @type {Part[]} */
  let parts = [];
  /** @type {Storyboard} */
  let story;
  /** @type {Sweep | null} */
  let sweep;
  /** @type {Scene} */
  let scene;

  /** @param {Record<string, any>} changes */
  function save(changes) {
    for (const [name, value] of Object.entries(changes)) {
      model.set(name, value);
    }
    model.save_changes();
  }

  /** @param {number} step */
  function go(step) {
    const next = clamp(step, scene.steps);
    if (scene.steps && next !== scene.step) {
      save({ step: next });
    }
  }

  const lecture = lectureOf(region, model, refresh);
  const { pausesAt, speed } = lecture;
  const player = playerOf({ position: () => scene, go, changed: show, pausesAt, speed });
  const screen = screenOf(region, show);
  const silence = silenceOf(region);

  /** @type {Act} */
  const act = {
    move(move) {
      const targets = { first: 1, previous: scene.step - 1, next: scene.step + 1, last: scene.steps };
      go(targets[move]);
    },
    go,
    changeMode: (mode) => save(startOf(model.get("storyboard"), mode)),
    changeAbout: (about) => save({ about, step: 1 }),
    play: () => player.toggle(),
    fullScreen: () => void screen.toggle(),
    mark: (thing) => parts.forEach((part) => part.mark?.(markedOf(thing, story))),
    choose(thing) {
      if ("box" in thing || "frame" in thing) {
        act.open(thing);
        return;
      }
      const step = stepOf(sweep, thing);
      save({ clicked: { ...thing, n: (model.get("clicked")?.n ?? 0) + 1 }, ...(step === null ? {} : { step }) });
    },
    check: () => save({ checking: !model.get("checking") }),
    nudge: (nudge) => save({ nudge }),
    fields: { open: false, node: "", h: "0.1" },
    open(thing) {
      const opening = openingOf(story, sweep, thing);
      if (opening) {
        save(opening);
      } else {
        go(stepOf(sweep, thing) ?? scene.step);
      }
    },
    reach: (depth) => save({ depth }),
    place: {},
    ask(values) {
      save({ asked: { values, n: (model.get("asked")?.n ?? 0) + 1 } });
      stale();
    },
  };

  /** Makes the parts of a story. The fields of the inputs stay if the inputs are the same: somebody may be typing in them. */
  function build() {
    sweeps.clear();
    story = model.get("storyboard");
    const kept = parts.find((part) => part.renew?.(story));
    parts = partsOf(story, model.get("parts"), act, lecture).map((part) => (kept && part.renew ? kept : part));
    region.lang = story.language;
    region.setAttribute("aria-label", story.texts.region);
    parts.splice(1, 0, silence);
    const nodes = parts.map((part) => part.node);
    // One by one around what stays: a node that is moved, or taken out and put back, loses the focus.
    [...region.children].filter((child) => !nodes.includes(/** @type {HTMLElement} */ (child))).forEach((child) => child.remove());
    let place = region.firstElementChild;
    for (const node of nodes) {
      if (node === place) {
        place = place.nextElementSibling;
      } else {
        region.insertBefore(node, place);
      }
    }
    refresh();
  }

  /** While other inputs are being computed, or cannot be, no number is shown that belongs to those before. */
  function stale() {
    const waiting = (model.get("asked")?.n ?? 0) > (story.answered ?? 0);
    region.toggleAttribute("data-stale", waiting || Boolean(story.failed));
    region.setAttribute("aria-busy", String(waiting || sweep === null));
    silence.await(waiting || sweep === null, story.texts.silent);
  }

  /** Reads the model, then shows it: nothing else decides what is on the screen. */
  function refresh() {
    const before = scene?.current;
    const mode = model.get("mode");
    const wanted = `${mode} ${model.get("about")}`;
    const latest = model.get("sweep");
    if (latest?.steps) {
      sweeps.set(`${latest.mode} ${latest.about}`, latest);
    }
    sweep = lecture.seen(sweeps.get(wanted) ?? null);
    scene = fold(story, sweep, model.get("step"));
    region.dataset.mode = mode;
    stale();
    for (const part of parts) {
      part.draw?.(scene, sweep, mode);
    }
    show();
    if (scene.current !== before) {
      parts.forEach((part) => part.follow?.(scene));
    }
    player.moved();
  }

  /** What the controls show that the model does not know: whether this view plays, and whether it fills the screen. */
  function show() {
    const [checking, checks, nudge, nudged] = ["checking", "checks", "nudge", "nudged"].map((name) => model.get(name) ?? null);
    const experiments = { checking: Boolean(checking), checks, nudge, nudged };
    const setting = { mode: model.get("mode"), about: model.get("about"), playing: player.playing, full: screen.on, experiments };
    parts.forEach((part) => part.control?.(scene, setting));
    lecture.update(scene);
  }

  obey(region, {
    move: act.move,
    play: act.play,
    reveal: lecture.reveal,
    close: () => lecture.close() || screen.close(),
    other: (event) => parts.some((part) => part.key?.(event)),
  });

  const rebuilt = () => keepingFocus(region, build);
  const refreshed = () => keepingFocus(region, refresh);
  const listeners = Object.entries({
    storyboard: rebuilt,
    parts: rebuilt,
    sweep: refreshed,
    mode: refreshed,
    about: refreshed,
    step: refreshed,
    asked: stale,
    pauses: refresh,
    checking: show,
    checks: show,
    nudge: show,
    nudged: show,
  });
  build();
  el.classList.add("autograd-stepper-place");
  el.append(region);
  for (const [name, listener] of listeners) {
    model.on(`change:${name}`, listener);
  }
  return () => {
    for (const [name, listener] of listeners) {
      model.off(`change:${name}`, listener);
    }
    player.stop();
    lecture.stop();
    screen.stop();
    silence.stop();
    region.remove();
  };
}

/**
 * The parts that were asked for, in the order of reading. The sentence is always there, if only for the ear.
 * @param {Storyboard} story
 * @param {string[]} names
 * @param {Act} act
 * @param {ReturnType<typeof lectureOf>} lecture
 * @returns {Part[]}
 */
function partsOf(story, names, act, lecture) {
  /** @type {Part[]} */
  const parts = [];
  if (names.includes("controls")) {
    const { node, update } = controlsOf(story, act, { menu: lecture.menu(), pauses: lecture.pauses });
    parts.push({ node, control: update });
  }
  parts.push({ node: noticesOf(story) });
  if (names.includes("inputs") && story.inputs.length) {
    parts.push(inputsOf(story, act.ask));
  }
  if (names.includes("graph") && story.svg !== null) {
    parts.push(pictureOf(story, act));
  }
  parts.push(formulaOf(story, names.includes("equation"), act));
  if (names.includes("source")) {
    parts.push(sourceOf(story, act));
  }
  if (names.includes("table")) {
    parts.push(tableOf(story, act));
  }
  if (names.includes("check") && story.experiments !== "none") {
    parts.push(checkOf(story, act));
  }
  if (names.includes("paths")) {
    parts.push(pathsOf(story));
  }
  return parts;
}
