/**
 * Links the views: what is hovered or focused in one is marked in all, and a click goes to its step.
 *
 * A view's things (boxes, edges, rows, pieces of code) are one stop of the Tab key together; Up and Down go from one
 * to the next, Enter goes to the step. Left and Right stay the stepper's own.
 */

import { attribute } from "./dom.js";

/**
 * What a view can point at: a node by its label, an edge by its id; a closed box or the frame of an open one by its scope.
 * @typedef {{node: string} | {edge: string} | {box: string} | {frame: string}} Thing
 */

/**
 * @typedef {object} Marked
 * @property {string | null} node the node, or the operation that an edge leads into
 * @property {string | null} edge
 */

/**
 * @typedef {object} Links
 * @property {(thing: Thing | null) => void} mark
 * @property {(thing: Thing) => void} choose
 */

/**
 * Makes a view's things hoverable, focusable and clickable.
 * @param {HTMLElement} box the view
 * @param {() => Element[]} things in the order in which Up and Down visit them
 * @param {(element: Element, event: Event) => Thing | null} thingOf what an element of the view stands for
 * @param {Links} links
 */
export function linked(box, things, thingOf, links) {
  /** The one thing that Tab goes to. @type {Element | null} */
  let stop = null;

  /** @param {Element | null} element */
  function stopAt(element) {
    if (element !== stop) {
      stop?.setAttribute("tabindex", "-1");
      stop = element;
      stop?.setAttribute("tabindex", "0");
    }
  }

  /** @param {Event} event */
  const under = (event) => thingOf(/** @type {Element} */ (event.target), event);
  let hovered = "";

  box.addEventListener("pointermove", (event) => {
    const thing = under(event);
    if (JSON.stringify(thing) !== hovered) {
      hovered = JSON.stringify(thing);
      links.mark(thing);
    }
  });
  box.addEventListener("pointerleave", () => {
    hovered = "";
    links.mark(null);
  });
  box.addEventListener("focusin", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target !== box && under(event)) {
      stopAt(target);
      links.mark(under(event));
    }
  });
  box.addEventListener("focusout", () => links.mark(null));
  box.addEventListener("click", (event) => {
    const thing = under(event);
    if (thing) {
      links.choose(thing);
    }
  });
  box.addEventListener("keydown", (event) => {
    const thing = under(event);
    if (!thing || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) {
      return;
    }
    if (event.key === "Enter") {
      event.preventDefault();
      links.choose(thing);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const all = things().filter((element) => getComputedStyle(element).visibility !== "hidden");
      const next = all[all.indexOf(/** @type {Element} */ (event.target)) + (event.key === "ArrowDown" ? 1 : -1)];
      /** @type {HTMLElement | undefined} */ (next)?.focus();
    }
  });

  return {
    /** Makes all things focusable; call it again when they are others. */
    prepare() {
      stop = null;
      for (const element of things()) {
        attribute(element, "tabindex", "-1");
      }
      stopAt(things()[0] ?? null);
    },
    /**
     * Tab shall go to this one, unless the focus is in the view already.
     * @param {Element | null | undefined} element
     */
    follow(element) {
      if (element && !box.matches(":focus-within")) {
        stopAt(element);
      }
    },
  };
}

/**
 * What is to be marked for a thing.
 * @param {Thing | null} thing
 * @param {import("./fold.js").Storyboard} story
 * @returns {Marked}
 */
export function markedOf(thing, story) {
  if (thing && "edge" in thing) {
    return { node: story.edges.find(({ id }) => id === thing.edge)?.target ?? null, edge: thing.edge };
  }
  return { node: thing && "node" in thing ? thing.node : null, edge: null };
}

/**
 * The node that an element outside of the picture stands for.
 * @param {Element} target
 * @returns {Thing | null}
 */
export function nodeOf(target) {
  const label = target.closest("[data-of]")?.getAttribute("data-of");
  return label ? { node: label } : null;
}
