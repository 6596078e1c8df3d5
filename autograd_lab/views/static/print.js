/**
 * Prints steps: builds a page each, hides everything else on paper, and asks the browser to print.
 *
 * The pages stand in the document's body while it prints, so that it is the same in a page and in a notebook, whose own
 * boxes would cut a long lesson off.
 */

import { element } from "./dom.js";
import { fold } from "./fold.js";
import { formulaOf } from "./formula.js";
import { pictureOf } from "./picture.js";
import { tableOf } from "./table.js";
import { fill } from "./words.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Sweep} Sweep */

/** Paper neither hovers nor clicks, and nothing in it opens or is moved. */
const NO_LINKS = { mark() {}, choose() {}, open() {}, reach() {}, place: {} };

/** What is being printed; a browser that does not tell when it has done so leaves it. @type {HTMLElement | null} */
let standing = null;

/**
 * @param {HTMLElement} region whose steps are printed
 * @param {Storyboard} story
 * @param {Sweep} sweep
 * @param {number[]} steps from 1
 * @param {boolean} table whether each page has the evaluation trace
 */
export function printSteps(region, story, sweep, steps, table) {
  standing?.remove();
  const pages = steps.map((step) => pageOf(story, sweep, step, table));
  // Hidden from all but the printer, yet laid out: formulas are fitted to the paper's width.
  const place = element("div", { class: "autograd-print", "aria-hidden": "true", lang: story.language });
  place.append(...stylesOf(region), ...pages.map(({ node }) => node));
  document.body.append(place);
  standing = place;
  for (const { fit } of pages) {
    fit();
  }
  addEventListener("afterprint", () => place.remove(), { once: true });
  print();
}

/**
 * @param {Storyboard} story
 * @param {Sweep} sweep
 * @param {number} step
 * @param {boolean} table
 */
function pageOf(story, sweep, step, table) {
  const scene = fold(story, sweep, step);
  const formula = formulaOf(story, true, NO_LINKS);
  const picture = story.svg === null ? [] : [pictureOf(story, NO_LINKS)];
  const parts = [...picture, formula, ...(table ? [tableOf(story, NO_LINKS)] : [])];
  for (const part of parts) {
    part.draw(scene, sweep, sweep.mode);
  }
  const node = element(
    "section",
    { class: "autograd-stepper print-page", "data-mode": sweep.mode, "data-told": toldOf(story, sweep, step) },
    ...parts.map((part) => part.node),
  );
  return { node, fit: formula.follow };
}

/**
 * What a page is of: the function, the accumulation, what it is about, the step.
 * @param {Storyboard} story
 * @param {Sweep} sweep
 * @param {number} step
 * @returns {string}
 */
export function toldOf(story, sweep, step) {
  const { texts, title } = story;
  const about = story.choices[sweep.mode].find(({ key }) => key === sweep.about)?.text;
  const progress = fill(texts.progress, { step, steps: sweep.steps.length });
  return [title, texts[sweep.mode], about, progress].filter(Boolean).join(" · ");
}

/**
 * The style sheets of a region in a shadow root, which do not reach the document's body.
 * @param {HTMLElement} region
 * @returns {HTMLStyleElement[]}
 */
function stylesOf(region) {
  const root = region.getRootNode();
  if (!(root instanceof ShadowRoot)) {
    return [];
  }
  const written = [...root.querySelectorAll("style")].map((style) => style.textContent ?? "");
  const adopted = root.adoptedStyleSheets.map((sheet) => [...sheet.cssRules].map((rule) => rule.cssText).join("\n"));
  return [...written, ...adopted].filter((text) => text.includes("autograd-")).map((text) => element("style", {}, text));
}
