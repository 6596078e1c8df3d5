/**
 * What stands for many, at a step: how many edges of a closed box were visited, and which links. Pure, as fold.js is.
 */

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Sweep} Sweep */

/**
 * @typedef {object} BoxState
 * @property {number} visited steps of the true sweep that were taken in it
 * @property {number} of how many it has in this sweep
 * @property {boolean} current
 * @property {boolean} evaluated whether anything in it has a value yet; only an evaluation begins before that
 */

/** @typedef {"waiting" | "visited" | "current" | "unevaluated"} LinkState */

/**
 * @param {Storyboard} story
 * @param {Sweep | null} sweep
 * @param {number} shown the step, from 1
 * @returns {{boxes: Map<string, BoxState>, links: Map<string, LinkState>}}
 */
export function manyAt(story, sweep, shown) {
  const evaluating = sweep?.mode === "evaluation";
  const visited = new Map(story.boxes.map(({ key }) => [key, 0]));
  /** @type {Map<string, LinkState>} */
  const links = new Map(story.links.map(({ id }) => [id, evaluating ? "unevaluated" : "waiting"]));
  if (!story.boxes.length) {
    return { boxes: new Map(), links };
  }
  const taken = sweep?.steps.slice(0, shown) ?? [];
  const current = taken.at(-1);
  for (const step of taken) {
    if (step.kind === "box") {
      visited.set(/** @type {string} */ (step.box), /** @type {number} */ (step.visited));
      step.links?.forEach((id) => links.set(id, step === current ? "current" : "visited"));
    }
  }
  if (evaluating) {
    const done = new Set(taken.map(({ node }) => node));
    for (const { id, target } of story.links) {
      if (done.has(target) || visited.get(target)) {
        links.set(id, "waiting");
      }
    }
  }
  const boxes = new Map(
    story.boxes.map(({ key }) => {
      const count = visited.get(key) ?? 0;
      const state = { visited: count, of: sweep?.boxes?.[key] ?? 0, current: current?.box === key, evaluated: !evaluating || count > 0 };
      return [key, state];
    }),
  );
  return { boxes, links };
}

/**
 * How far a box is: "waiting" before its first step, "partial", "complete".
 * @param {BoxState} state
 */
export function progressOf({ visited, of }) {
  return visited === 0 ? "waiting" : visited < of ? "partial" : "complete";
}

/**
 * What "Step inside" and "Step outside" ask the kernel for; null where there is nothing to do.
 *
 * A scope is opened. The rest of a cut has nothing to open: there the cut moves to the node that is visited first.
 * @param {Storyboard} story
 * @param {Sweep | null} sweep
 * @param {import("./link.js").Thing | null} thing a box to open, a frame to close
 * @returns {{opened: string[]} | {focus: string} | {opened: string[], focus: string} | null}
 */
export function openingOf(story, sweep, thing) {
  if (!story.openable || !thing) {
    return null;
  }
  if ("frame" in thing) {
    return { opened: story.opened.filter((scope) => scope !== thing.frame && !scope.startsWith(`${thing.frame}/`)) };
  }
  const box = "box" in thing ? story.boxes.find(({ key }) => key === thing.box) : undefined;
  if (!box) {
    return null;
  }
  const inside = sweep?.steps.find((step) => step.box === box.key && step.inside)?.inside;
  if (!box.scope) {
    return inside ? { focus: inside } : null;
  }
  const opened = [...story.opened, box.key];
  return story.focus !== null && inside ? { opened, focus: inside } : { opened };
}
