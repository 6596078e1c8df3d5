/**
 * The "View" menu: how this view looks and plays, what to print, what to save. None of it is told to the model.
 */

import { attribute, element, write } from "./dom.js";
import { fill } from "./words.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Scene} Scene */

/**
 * @typedef {object} Look
 * @property {number} size of the type, 1 for the usual
 * @property {number} speed of playing, 1 for the usual
 * @property {boolean} hiding whether numbers are hidden until asked for
 * @property {number} revealed the last step whose numbers were asked for
 */

/** @type {Readonly<Look>} */
export const USUAL_LOOK = Object.freeze({ size: 1, speed: 1, hiding: false, revealed: 0 });

const SIZES = [0.75, 0.875, 1, 1.125, 1.25, 1.5, 1.75, 2];
const SPEEDS = [0.5, 1, 2];

/**
 * What can be done with what is shown; one that is null is not offered. Each returns what to tell the person, or nothing.
 * @typedef {Record<"printStep" | "printAll" | "saveStep" | "saveAll" | "copyLink", (() => void | string | Promise<void | string>) | null>} Deeds
 */

/** @type {(keyof Deeds)[]} */
const DEEDS = ["printStep", "printAll", "saveStep", "saveAll", "copyLink"];

/**
 * @param {Storyboard} story
 * @param {(changes: Partial<Look>) => void} look
 * @param {Deeds} deeds
 */
export function menuOf(story, look, deeds) {
  const { texts } = story;
  let shown = USUAL_LOOK;
  let current = 0;

  const toggle = element("button", { type: "button", class: "menu-toggle words", "aria-expanded": "false" }, texts.view);
  const reveal = element("button", { type: "button", class: "reveal words", title: `${texts.reveal} (N)` }, texts.reveal);
  const smaller = lettersOf("A−", texts.smaller, () => resize(-1));
  const larger = lettersOf("A+", texts.larger, () => resize(1));
  const size = element("span", { class: "size" });
  const hide = element("input", { type: "checkbox" });
  hide.addEventListener("change", () => look({ hiding: hide.checked, revealed: 0 }));
  const speeds = SPEEDS.map((speed) => {
    const radio = element("input", { type: "radio", name: "speed", value: speed });
    radio.addEventListener("change", () => look({ speed }));
    return { speed, radio };
  });
  const told = element("p", { class: "told", "aria-live": "polite" });
  const panel = element(
    "div",
    { class: "menu-panel", role: "group", "aria-label": texts.view, hidden: true },
    element("div", { class: "row", role: "group", "aria-label": texts.size }, element("span", {}, texts.size), smaller, size, larger),
    element(
      "fieldset",
      { class: "row" },
      element("legend", {}, texts.speed),
      ...speeds.map(({ speed, radio }) => element("label", {}, radio, `${speed}×`)),
    ),
    element("label", { class: "row" }, hide, texts.hideNumbers),
    ...DEEDS.filter((name) => deeds[name]).map((name) => deedOf(name)),
    told,
  );
  const node = element("div", { class: "menu" }, reveal, toggle, panel);

  /** @param {keyof Deeds} name */
  function deedOf(name) {
    const button = element("button", { type: "button", class: `deed words ${name}` }, texts[name]);
    button.addEventListener("click", async () => {
      const words = await deeds[name]?.();
      if (words) {
        write(told, words);
      } else {
        close();
      }
    });
    return button;
  }

  /** @param {1 | -1} direction */
  function resize(direction) {
    const next = SIZES.indexOf(shown.size) + direction;
    if (next in SIZES) {
      look({ size: SIZES[next] });
    }
  }

  /** @param {boolean} open */
  function setOpen(open) {
    panel.hidden = !open;
    attribute(toggle, "aria-expanded", String(open));
    write(told, "");
  }

  /** Closes the menu and goes back to its button; false where it was not open. */
  function close() {
    const open = !panel.hidden;
    if (open) {
      setOpen(false);
      toggle.focus();
    }
    return open;
  }

  toggle.addEventListener("click", () => setOpen(panel.hidden));
  reveal.addEventListener("click", () => {
    if (reveal.getAttribute("aria-disabled") !== "true") {
      look({ revealed: current });
    }
  });
  // The words beside a box, and the room between, would give the focus to the region around the menu, and so close it.
  panel.addEventListener("mousedown", (event) => {
    if (!(/** @type {Element} */ (event.target).closest("button, input"))) {
      event.preventDefault();
    }
  });
  // Whoever goes on to something else is done with the menu.
  node.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !node.contains(relatedTarget)) {
      setOpen(false);
    }
  });

  return {
    node,
    /** @param {string} words */
    tell: (words) => write(told, words),
    close,
    /**
     * @param {Scene} scene
     * @param {Look} chosen
     */
    update({ step }, chosen) {
      shown = chosen;
      current = step;
      write(size, fill(texts.percent, { percent: Math.round(chosen.size * 100) }));
      attribute(smaller, "aria-disabled", chosen.size === SIZES[0] ? "true" : null);
      attribute(larger, "aria-disabled", chosen.size === SIZES[SIZES.length - 1] ? "true" : null);
      for (const { speed, radio } of speeds) {
        radio.checked = speed === chosen.speed;
      }
      hide.checked = chosen.hiding;
      reveal.hidden = !chosen.hiding;
      // aria-disabled, not disabled: it must not take the focus with it.
      attribute(reveal, "aria-disabled", step <= chosen.revealed ? "true" : null);
    },
  };
}

/**
 * @param {string} letters
 * @param {string} name
 * @param {() => void} press
 */
function lettersOf(letters, name, press) {
  const button = element("button", { type: "button", class: "words", "aria-label": name, title: name }, letters);
  button.addEventListener("click", press);
  return button;
}
