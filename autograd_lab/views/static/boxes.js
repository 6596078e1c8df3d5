/**
 * The closed boxes, open frames and counted links of the picture: what they look like and say at a step.
 */

import { attribute, write } from "./dom.js";
import { progressOf } from "./many.js";
import { fill } from "./words.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Scene} Scene */
/** @typedef {import("./fold.js").Mode} Mode */
/** @typedef {import("./many.js").BoxState} BoxState */

/**
 * @param {SVGSVGElement} svg
 * @param {Storyboard} story
 */
export function boxesOf(svg, story) {
  const { texts } = story;
  const groups = byAttribute(svg, "data-scope");
  const frames = byAttribute(svg, "data-frame");
  const lines = byAttribute(svg, "data-link");
  for (const [scope, frame] of frames) {
    if (story.openable) {
      attribute(frame, "role", "button");
      attribute(frame, "aria-expanded", "true");
      attribute(frame, "aria-label", fill(texts.frame, { name: scope }));
    }
  }
  for (const group of groups.values()) {
    attribute(group, "role", "button");
    attribute(group, "aria-expanded", "false");
  }
  lines.forEach((line) => attribute(line, "role", "img"));
  const named = new Map(story.boxes.map(({ key, name }) => [key, name]));

  return {
    groups,
    /** What can be focused: boxes, and frames where they can be closed. */
    things: [...groups.values(), ...(story.openable ? frames.values() : [])],
    /**
     * @param {Scene} scene
     * @param {Scene | null} before
     * @param {Mode} mode
     */
    draw(scene, before, mode) {
      for (const box of story.boxes) {
        const group = groups.get(box.key);
        const state = scene.boxes.get(box.key);
        if (group && state && !sameBox(state, before?.boxes.get(box.key))) {
          const progress = progressOf(state);
          for (const name of ["partial", "complete"]) {
            group.classList.toggle(name, progress === name && mode !== "evaluation");
          }
          group.classList.toggle("current", state.current);
          group.classList.toggle("unevaluated", !state.evaluated);
          attribute(group, "aria-current", state.current ? "step" : null);
          attribute(group, "aria-label", sayBox(story, box, state, mode));
          write(group.querySelector("[data-slot]"), countOf(texts, state, mode));
        }
      }
      for (const link of story.links) {
        const line = lines.get(link.id);
        const state = scene.links.get(link.id);
        if (line && state && state !== before?.links.get(link.id)) {
          for (const name of ["visited", "current", "unevaluated"]) {
            line.classList.toggle(name, state === name);
          }
          const [source, target] = [link.source, link.target].map((end) => named.get(end) ?? end);
          const what = fill(texts.link, { source, target, count: link.count });
          attribute(line, "aria-label", state === "visited" || state === "current" ? `${what}, ${texts[state]}` : what);
        }
      }
    },
  };
}

/**
 * "40 of 212 edges"; "" where nothing was visited yet.
 * @param {Record<string, string>} texts
 * @param {BoxState} state
 * @param {Mode} mode
 */
export function countOf(texts, { visited, of }, mode) {
  return visited ? fill(mode === "evaluation" ? texts.boxNodes : texts.boxEdges, { visited, of }) : "";
}

/**
 * What a screen reader says of a box.
 * @param {Storyboard} story
 * @param {Storyboard["boxes"][number]} box
 * @param {BoxState} state
 * @param {Mode} mode
 */
export function sayBox({ texts }, box, state, mode) {
  const said = [fill(texts.box, { name: box.name, what: box.text })];
  if (mode !== "evaluation" || state.visited) {
    said.push(state.of ? fill(mode === "evaluation" ? texts.boxNodes : texts.boxVisited, state) : texts.notReached);
  }
  if (state.current) {
    said.push(texts.current);
  }
  return said.join(", ");
}

/**
 * @param {BoxState} state
 * @param {BoxState | undefined} before
 */
function sameBox(state, before) {
  const keys = /** @type {(keyof BoxState)[]} */ (Object.keys(state));
  return before !== undefined && keys.every((key) => state[key] === before[key]);
}

/**
 * @param {SVGSVGElement} svg
 * @param {string} name
 * @returns {Map<string, Element>}
 */
function byAttribute(svg, name) {
  return new Map([...svg.querySelectorAll(`[${name}]`)].map((group) => [/** @type {string} */ (group.getAttribute(name)), group]));
}
