/**
 * The equation of the current step in large type, and its sentence, which is also what a screen reader is told.
 */

import { element, write } from "./dom.js";
import { linked, nodeOf } from "./link.js";

/** @typedef {import("./fold.js").Scene} Scene */
/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Sweep} Sweep */

/** The smallest that a formula is set, as a part of its size. */
const SMALLEST = 0.45;

/**
 * @param {Storyboard} story
 * @param {boolean} visible whether to show them, or only to speak the sentence
 * @param {import("./link.js").Links} links
 */
export function formulaOf(story, visible, links) {
  const equation = element("div", { class: "equation" });
  const receiver = element("span", { class: "receiver" });
  const sentence = element("p", { class: "sentence", role: "status" });
  const waiting = element("p", { class: "kernel-awaited", hidden: true }, story.texts.waiting);
  const node = visible
    ? element("div", { class: "formula" }, equation, waiting, sentence)
    : element("div", { class: "spoken-only" }, sentence);
  let shown = "";
  const symbols = () => [...equation.querySelectorAll("[data-of]")];
  const link = linked(equation, symbols, symbolAt, links);

  /** Sets a formula that is too long for its room smaller, down to what is still readable; then its room scrolls. */
  function fit() {
    equation.style.removeProperty("--fit");
    let fit = Math.floor((100 * equation.clientWidth) / equation.scrollWidth) / 100;
    // The room around signs does not shrink in proportion: a last step or two may be needed.
    while (fit < 1 && equation.scrollWidth > equation.clientWidth) {
      equation.style.setProperty("--fit", String(Math.max(fit, SMALLEST)));
      if (fit <= SMALLEST) {
        break;
      }
      fit -= 0.01;
    }
  }
  new ResizeObserver(fit).observe(equation);

  return {
    node,
    /**
     * @param {Scene} scene
     * @param {Sweep | null} sweep
     */
    draw({ current }, sweep) {
      write(receiver, current?.edge ? `${sweep?.symbols[current.node] ?? ""}: ` : "");
      const mathml = current?.equation ?? "";
      if (visible && mathml !== shown) {
        shown = mathml;
        equation.innerHTML = mathml; // made and escaped by explain/mathml.py
        // A second formula is the sum at the receiver: say whose it is.
        const [, sum] = equation.children;
        if (sum) {
          equation.append(element("div", { class: "sum" }, receiver, sum));
        }
        nameSymbols(equation, story);
        link.prepare();
      }
      waiting.hidden = current !== null;
      write(sentence, current?.sentence ?? "");
    },
    follow: fit,
    /** @param {import("./link.js").Marked} marked */
    mark(marked) {
      for (const symbol of symbols()) {
        symbol.classList.toggle("marked", symbol.getAttribute("data-of") === marked.node);
      }
    },
  };
}

/**
 * Notes on each symbol of a formula, w with an index, which node it stands for.
 * @param {HTMLElement} equation
 * @param {Storyboard} story
 */
function nameSymbols(equation, story) {
  const labels = new Set(story.nodes.map(({ label }) => label));
  for (const symbol of equation.querySelectorAll("msub, msubsup")) {
    const label = `${symbol.children[0].textContent}${symbol.children[1].textContent}`;
    if (labels.has(label)) {
      symbol.setAttribute("data-of", label);
      symbol.setAttribute("aria-label", label); // no role: it stays a part of the formula
    }
  }
}

/**
 * The symbol under the pointer, or with the focus. Of a fraction's two the browser always names the lower one: the
 * boxes of a mathematical font's letters reach far beyond what is drawn.
 * @param {Element} target
 * @param {Event} event
 * @returns {import("./link.js").Thing | null}
 */
function symbolAt(target, event) {
  if (!(event instanceof MouseEvent)) {
    return nodeOf(target);
  }
  const inside = (/** @type {Element} */ symbol) => {
    const { left, right, top, bottom } = symbol.getBoundingClientRect();
    return left <= event.clientX && event.clientX <= right && top <= event.clientY && event.clientY <= bottom;
  };
  const equation = target.closest(".equation");
  const symbol = [...(equation?.querySelectorAll("[data-of]") ?? [])].find(inside);
  return symbol ? nodeOf(symbol) : null;
}

/**
 * Sentences about the whole: what is not drawn, what was left out.
 * @param {Storyboard} story
 */
export function noticesOf(story) {
  const legend = story.legend ? [element("p", { class: "legend" }, story.legend)] : [];
  return element("div", { class: "notices" }, ...story.notices.map((text) => element("p", {}, text)), ...legend);
}
