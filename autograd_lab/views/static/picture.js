/**
 * The picture: fills the slots of the standing SVG and marks what is current. Nothing in it is made or moved at a step.
 */

import { boxesOf } from "./boxes.js";
import { attribute, element, write } from "./dom.js";
import { sameState } from "./fold.js";
import { insideOf } from "./inside.js";
import { linked, markedOf } from "./link.js";
import { drawArray } from "./heat.js";
import { HIDDEN } from "./veil.js";
import { viewportOf } from "./viewport.js";
import { arrival, derivativeOf, fill, sayEdge, sayNode } from "./words.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Scene} Scene */
/** @typedef {import("./fold.js").Sweep} Sweep */
/** @typedef {import("./fold.js").Mode} Mode */

/** From so many boxes on a picture is repainted with as little as can be. */
const LARGE = 150;
const NODE_CLASSES = ["seed", "partial", "complete", "unreached"];

/**
 * @param {Storyboard} story one with a picture
 * @param {import("./link.js").Links & import("./inside.js").Reductions & {place: Partial<import("./viewport.js").Place>}} links
 */
export function pictureOf(story, links) {
  const node = element("div", { class: "graph" });
  const picture = element("div", { class: "picture" });
  picture.innerHTML = /** @type {string} */ (story.svg); // made and escaped by picture.py
  const svg = /** @type {SVGSVGElement} */ (picture.querySelector("svg"));
  attribute(svg, "role", "group");
  attribute(svg, "aria-label", fill(story.texts.picture, { title: story.title }));

  const boxes = groupsOf(svg, "data-node");
  const lines = groupsOf(svg, "data-edge");
  const many = boxesOf(svg, story);
  boxes.forEach(({ group }) => addRings(group));
  many.groups.forEach(addRings);
  svg.classList.toggle("large", boxes.size + many.groups.size > LARGE);
  lines.forEach(({ group }) => addReach(group));
  const primals = new Map([...boxes].map(([label, { group }]) => [label, primalOf(group)]));
  const feeds = [...svg.querySelectorAll("[data-feeds]")];
  const things = [...[...boxes.values(), ...lines.values()].map(({ group }) => group), ...many.things];
  const viewport = viewportOf(picture, svg, story, links);
  const inside = insideOf(story, links);
  viewport.bar.append(...inside.nodes);
  node.append(viewport.bar, picture);
  const link = linked(picture, () => things, partOfPicture, links);
  link.prepare();
  /** @type {import("./link.js").Marked} */
  let marked = markedOf(null, story);
  /** What stands in the picture, so that a step touches only what it changes. @type {Scene | null} */
  let standing = null;
  /** @type {Sweep | null} */
  let standingSweep = null;

  return {
    node,
    /**
     * @param {Scene} scene
     * @param {Sweep | null} sweep
     * @param {Mode} mode
     */
    draw(scene, sweep, mode) {
      const before = sweep === standingSweep ? standing : null;
      standing = scene;
      standingSweep = sweep;
      for (const described of story.nodes) {
        const box = boxes.get(described.label);
        const state = scene.nodes.get(described.label);
        if (box && state && !sameState(state, before?.nodes.get(described.label))) {
          const symbol = sweep?.symbols[described.label] ?? "";
          classes(box.group, NODE_CLASSES, state.status);
          box.group.classList.toggle("current", state.current);
          attribute(box.group, "aria-current", state.current ? "step" : null);
          box.group.classList.toggle("unevaluated", !state.evaluated);
          box.group.classList.toggle("veiled", state.veiled);
          attribute(box.group, "aria-label", sayNode(story, described, symbol, state, mode));
          write(box.slot("derivative"), derivativeOf(symbol, state));
          if (described.array) {
            drawArray(box.slot, state.array, story.texts); // its hidden values are veiled by the style sheet
          } else {
            const primal = primals.get(described.label);
            write(primal?.text ?? null, state.veiled ? HIDDEN : (primal?.words ?? ""));
          }
          write(box.slot("arrived"), arrival(story.texts, state));
        }
      }
      for (const described of story.edges) {
        const line = lines.get(described.id);
        const state = scene.edges.get(described.id);
        if (line && state && !sameState(state, before?.edges.get(described.id))) {
          classes(line.group, ["visited", "current"], state.status);
          line.group.classList.toggle("unreached-source", !state.reached);
          attribute(line.group, "aria-current", state.status === "current" ? "step" : null);
          line.group.classList.toggle("unevaluated", !state.evaluated);
          attribute(line.group, "aria-label", sayEdge(story, described, state, mode));
          write(line.slot("local"), state.local?.text ?? "");
          write(line.slot("number"), state.local?.number ? `= ${state.local.number}` : (state.local?.change ?? ""));
        }
      }
      many.draw(scene, before, mode);
      inside.show(scene);
      for (const feed of feeds) {
        const targets = /** @type {string} */ (feed.getAttribute("data-feeds")).split(" ");
        feed.classList.toggle("unevaluated", !targets.some((label) => scene.nodes.get(label)?.evaluated));
      }
    },
    /** @param {Scene} scene */
    follow(scene) {
      const edge = lines.get(scene.current?.edge ?? "")?.group;
      const group = many.groups.get(scene.current?.box ?? "") ?? boxes.get(scene.current?.node ?? "")?.group;
      viewport.resume();
      viewport.reveal(group, edge);
      link.follow(edge ?? group);
    },
    key: viewport.key,
    /** @param {import("./link.js").Marked} now */
    mark(now) {
      groupOf(marked)?.classList.remove("marked");
      marked = now;
      groupOf(marked)?.classList.add("marked");
    },
  };

  /** @param {import("./link.js").Marked} thing */
  function groupOf(thing) {
    return (thing.edge === null ? boxes.get(thing.node ?? "") : lines.get(thing.edge))?.group;
  }
}

/**
 * What an element of the picture belongs to.
 * @param {Element} element
 * @returns {import("./link.js").Thing | null}
 */
function partOfPicture(element) {
  const group = element.closest("[data-node], [data-edge], [data-scope], [data-frame]");
  const box = group?.getAttribute("data-scope");
  const frame = group?.getAttribute("data-frame");
  if (box || frame) {
    // A frame is closed by its label: inside of it one points at nothing.
    return box ? { box } : frame && (element === group || element.matches(".scope-label")) ? { frame } : null;
  }
  const node = group?.getAttribute("data-node");
  const edge = group?.getAttribute("data-edge");
  return node ? { node } : edge ? { edge } : null;
}

/**
 * The groups that carry an attribute, by its value, each with its slots.
 * @param {SVGSVGElement} svg
 * @param {string} name
 */
function groupsOf(svg, name) {
  /** @type {Map<string, {group: Element, slot: (key: string) => Element | null}>} */
  const found = new Map();
  for (const group of svg.querySelectorAll(`[${name}]`)) {
    attribute(group, "role", "button");
    const slots = new Map([...group.querySelectorAll("[data-slot]")].map((s) => [s.getAttribute("data-slot"), s]));
    found.set(/** @type {string} */ (group.getAttribute(name)), { group, slot: (key) => slots.get(key) ?? null });
  }
  return found;
}

/**
 * Where a box shows its value, and what stands there.
 * @param {Element} group
 */
function primalOf(group) {
  const text = group.querySelector(".primal");
  return { text, words: text?.textContent ?? "" };
}

/**
 * Two more outlines over a box, transparent until they are needed: one that says how far the node is, one that says it is
 * current. Their widths never change, so that no box changes its extent, not even by a stroke.
 * @param {Element} group
 */
function addRings(group) {
  const box = group.querySelector(".box");
  for (const name of ["state-ring", "current-ring"]) {
    const ring = /** @type {Element | undefined} */ (box?.cloneNode(false));
    ring?.setAttribute("class", name);
    box?.after(/** @type {Element} */ (ring));
  }
}

/**
 * A broad line that is not seen, under the line of an edge: it is easier to hit, and shows where the focus is.
 * @param {Element} group
 */
function addReach(group) {
  const reach = /** @type {Element | undefined} */ (group.querySelector(".line")?.cloneNode(false));
  reach?.setAttribute("class", "reach");
  group.prepend(/** @type {Element} */ (reach));
}

/**
 * Sets one of the classes, or none of them.
 * @param {Element} target
 * @param {string[]} among
 * @param {string} chosen
 */
function classes(target, among, chosen) {
  for (const name of among) {
    target.classList.toggle(name, name === chosen);
  }
}
