/**
 * One side of the comparison: the counter of a mode, the small picture with the edges of its sweep, its Jacobian.
 */

import { attribute, element, reveal, write } from "./dom.js";
import { fill } from "./words.js";

/** @typedef {import("./tally.js").Comparison} Comparison */
/** @typedef {import("./tally.js").Direction} Direction */
/** @typedef {import("./tally.js").Tally} Tally */

/** @type {["sweeps" | "edges" | "multiplications", string][]} */
const UNITS = [
  ["sweeps", "sweepsMade"],
  ["edges", "edgesVisited"],
  ["multiplications", "multiplicationsMade"],
];

/**
 * @param {Comparison} story
 * @param {Direction} direction
 */
export function panelOf(story, direction) {
  const { texts } = story;
  const state = element("span", { class: "panel-state" });
  const counter = counterOf(story);
  const picture = smallPictureOf(story);
  const grid = story.columns.length ? gridOf(story, direction) : null;
  const node = element(
    "div",
    { class: `panel ${direction}`, role: "group", "aria-label": texts[direction] },
    element("p", { class: "panel-title" }, element("b", {}, texts[direction]), state),
    counter.node,
    ...[picture?.node, grid?.node].filter((part) => part !== undefined),
  );
  return {
    node,
    /** @param {Tally} reached */
    draw(reached) {
      attribute(node, "data-state", reached.state || null);
      write(state, reached.state === "" ? "" : reached.state === "done" ? `✓ ${texts.sweepsDone}` : texts.sweepsStopped);
      counter.draw(reached);
      picture?.draw(reached);
      grid?.draw(reached);
    },
  };
}

/**
 * Sweeps, edges and multiplications so far, each with a bar whose full length is the dearer mode's total.
 * @param {Comparison} story
 */
function counterOf({ texts, totals }) {
  const counts = UNITS.map(([unit, name]) => {
    const value = element("dd", {}, "0");
    const node = element("div", {}, element("dt", {}, texts[name]), value);
    return { unit, node, value, most: Math.max(totals.forward[unit], totals.reverse[unit], 1) };
  });
  return {
    node: element("dl", { class: "counter" }, ...counts.map(({ node }) => node)),
    /** @param {Tally} reached */
    draw({ counts: now }) {
      for (const { unit, node, value, most } of counts) {
        write(value, String(now[unit]));
        node.style.setProperty("--share", `${(100 * now[unit]) / most}%`);
      }
    },
  };
}

/**
 * The small picture; nothing where the graph is too large for one.
 * @param {Comparison} story
 */
function smallPictureOf({ svg, texts }) {
  if (svg === null) {
    return null;
  }
  const node = element("div", { class: "small-picture" });
  node.innerHTML = svg; // made and escaped by miniature.py
  const drawn = /** @type {SVGSVGElement} */ (node.firstElementChild);
  drawn.style.setProperty("--natural-width", `${drawn.viewBox.baseVal.width}px`);
  const edges = [...drawn.querySelectorAll("[data-edge]")];
  const nodes = [...drawn.querySelectorAll("[data-node]")];
  return {
    node,
    /** @param {Tally} reached */
    draw({ current }) {
      const visited = new Set(current?.visited);
      const unreached = new Set(current?.unreached);
      for (const edge of edges) {
        const id = edge.getAttribute("data-edge") ?? "";
        edge.classList.toggle("visited", visited.has(id));
        edge.classList.toggle("unreached-source", unreached.has(id));
      }
      for (const box of nodes) {
        box.classList.toggle("current", box.getAttribute("data-node") === current?.node);
      }
      const said = current ? fill(texts.edgesOfSweep, { visited: visited.size, edges: edges.length }) : texts.edgesOfNoSweep;
      attribute(drawn, "aria-label", said);
    },
  };
}

/**
 * The Jacobian: a row an output, a column an input. Its room does not depend on the numbers.
 * @param {Comparison} story
 * @param {Direction} direction
 */
function gridOf({ columns, rows, readable, texts }, direction) {
  const byColumns = direction === "forward";
  const heads = columns.map((name) => element("th", { scope: "col" }, element("span", {}, name)));
  const lines = rows.map((name) => ({
    head: element("th", { scope: "row" }, name),
    cells: columns.map(() => element("td", {}, element("span"))),
  }));
  const node = element(
    "div",
    { class: readable ? "jacobian" : "jacobian coarse" },
    element(
      "table",
      {},
      element("caption", {}, byColumns ? texts.byColumns : texts.byRows),
      element("thead", {}, element("tr", {}, element("td"), ...heads)),
      element("tbody", {}, ...lines.map(({ head, cells }) => element("tr", {}, head, ...cells))),
    ),
  );
  const starts = byColumns ? heads : lines.map(({ head }) => head);
  const across = byColumns ? columns.map((_, j) => lines.map(({ cells }) => cells[j])) : lines.map(({ cells }) => cells);
  return {
    node,
    /** @param {Tally} reached */
    draw({ filled, index }) {
      across.forEach((cells, k) => {
        attribute(starts[k], "aria-current", k === index ? "step" : null);
        cells.forEach((cell, i) => {
          const known = filled[k]?.[i] ?? "";
          write(cell.firstElementChild, known);
          cell.classList.toggle("known", known !== "");
          cell.classList.toggle("current", k === index);
          attribute(cell, "title", readable || known === "" ? null : known);
        });
      });
      if (index >= 0) {
        reveal(node, starts[index]);
      }
    },
  };
}
