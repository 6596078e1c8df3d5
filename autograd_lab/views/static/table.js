/**
 * The evaluation trace: one row a node, whose derivative appears when a step brings it.
 */

import { countOf } from "./boxes.js";
import { cellOf, checksAt } from "./check.js";
import { attribute, element, reveal, write } from "./dom.js";
import { sameState } from "./fold.js";
import { linked, nodeOf } from "./link.js";
import { HIDDEN } from "./veil.js";
import { arrival, sayNode, splitLabel } from "./words.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Scene} Scene */
/** @typedef {import("./fold.js").Sweep} Sweep */
/** @typedef {import("./fold.js").Mode} Mode */

/** From so many rows on the browser lays out only those that are in sight, in blocks: else each step would measure them all. */
const LONG = 100;
const BLOCK = 40;

/**
 * @param {Storyboard} story
 * @param {import("./link.js").Links} links
 */
export function tableOf(story, links) {
  const { texts } = story;
  const derivativeHead = element("th", { scope: "col", colspan: 2, class: "derivative" });
  const checkHead = element("th", { scope: "col", class: "checked" }, texts.checked);
  const contributionsHead = element("th", { scope: "col", class: "contributions" }, texts.contributions);
  const heads = [texts.variable, texts.expression, texts.primal].map((text) => element("th", { scope: "col" }, text));
  const rows = new Map(story.nodes.map((described) => [described.label, rowOf(described)]));
  const many = new Map(story.boxes.map((box) => [box.key, boxRowOf(box)]));
  const node = element(
    "div",
    { class: "trace" },
    element(
      "table",
      {},
      element("caption", {}, texts.table),
      element("thead", {}, element("tr", {}, ...heads, derivativeHead, contributionsHead)),
    ),
  );
  const table = /** @type {HTMLTableElement} */ (node.firstElementChild);
  const ordered = inOrder(story, [...rows.values()], [...many.values()]);
  if (ordered.length > LONG) {
    table.classList.add("long");
    for (let first = 0; first < ordered.length; first += BLOCK) {
      table.append(element("tbody", {}, ...ordered.slice(first, first + BLOCK)));
    }
    keepRoles(table);
  } else {
    table.append(element("tbody", {}, ...ordered));
  }
  const link = linked(node, () => [...rows.values()].map(({ row }) => row), nodeOf, links);
  link.prepare();
  /** @type {Element | undefined} */
  let marked;
  /** What stands in the table, so that a step touches only what it changes. @type {Scene | null} */
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
      write(derivativeHead, mode === "forward" ? texts.tangent : texts.adjoint);
      for (const [label, { described, row, primal, symbol, terms, total, contributions }] of rows) {
        const state = scene.nodes.get(label);
        if (!state || sameState(state, before?.nodes.get(label))) {
          continue;
        }
        attribute(row, "class", state.evaluated ? state.status : "unevaluated");
        row.classList.toggle("marked", row === marked);
        attribute(row, "aria-current", state.current ? "step" : null);
        attribute(row, "aria-label", sayNode(story, described, sweep?.symbols[label] ?? "", state, mode));
        write(primal.cell, !state.evaluated ? "" : state.veiled ? HIDDEN : primal.text);
        const called = state.total === "" ? "" : (sweep?.symbols[label] ?? "");
        write(symbol, state.terms ? `${called} = ` : called);
        terms.innerHTML = state.terms; // made and escaped by explain/mathml.py
        write(total, state.total);
        write(contributions, state.status === "waiting" && mode !== "evaluation" ? texts.notReached : arrival(texts, state));
      }
      for (const [key, { row, contributions }] of many) {
        const state = scene.boxes.get(key);
        if (state) {
          const waiting = mode === "evaluation" ? "" : texts.notReached;
          attribute(row, "class", `many ${state.evaluated ? (state.visited ? "" : "waiting") : "unevaluated"}`.trim());
          attribute(row, "aria-current", state.current ? "step" : null);
          write(contributions, countOf(texts, state, mode) || waiting);
        }
      }
    },
    /**
     * @param {Scene} scene
     * @param {{experiments: import("./check.js").Experiments}} setting
     */
    control(scene, { experiments }) {
      const checking = experiments.checking && standingSweep?.mode !== "evaluation";
      if (checking !== checkHead.isConnected) {
        for (const [before, cell] of [[derivativeHead, checkHead], ...[...rows.values()].map(({ total, check }) => [total, check])]) {
          checking ? /** @type {Element} */ (before.closest("th, td")).after(cell) : cell.remove();
        }
      }
      if (checking) {
        const checks = checksAt(scene, standingSweep, experiments);
        for (const [label, { check }] of rows) {
          const checked = checks?.get(label);
          write(check, cellOf(texts, checked));
          attribute(check, "title", checked?.text ?? null);
        }
      }
    },
    /** @param {Scene} scene */
    follow(scene) {
      const current = many.get(scene.current?.box ?? "") ?? rows.get(scene.current?.node ?? "");
      if (current) {
        reveal(node, current.row);
      }
      link.follow(current?.row);
    },
    /** @param {import("./link.js").Marked} now */
    mark(now) {
      marked?.classList.remove("marked");
      marked = rows.get(now.node ?? "")?.row;
      marked?.classList.add("marked");
    },
  };
}

/**
 * Says what the parts of a table are, where a style sheet lays them out in another way than tables.
 * @param {HTMLTableElement} table
 */
function keepRoles(table) {
  const roles = { thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell", "thead th": "columnheader", "tbody th": "rowheader" };
  attribute(table, "role", "table");
  for (const [part, role] of Object.entries(roles)) {
    table.querySelectorAll(part).forEach((element) => attribute(element, "role", role));
  }
}

/**
 * The rows of nodes, and those of boxes where they belong.
 * @param {Storyboard} story
 * @param {{row: Element}[]} rows
 * @param {{row: Element}[]} boxes
 */
function inOrder(story, rows, boxes) {
  const ordered = rows.map(({ row }) => row);
  // From the last one, so that each still finds its place.
  [...story.boxes.entries()].reverse().forEach(([i, { after }]) => ordered.splice(after, 0, boxes[i].row));
  return ordered;
}

/**
 * @param {Storyboard["boxes"][number]} box
 */
function boxRowOf(box) {
  const contributions = element("td", { class: "contributions" });
  const cells = [element("th", { scope: "row" }, box.name), element("td", { class: "expression", colspan: 4 }, box.text)];
  return { row: element("tr", { class: "many" }, ...cells, contributions), contributions };
}

/**
 * @param {Storyboard["nodes"][number]} described
 */
function rowOf(described) {
  const [letter, digits] = splitLabel(described.label);
  const variable = element("th", { scope: "row" }, element("i", {}, letter), element("sub", {}, digits));
  const expression = element("td", { class: "expression" });
  expression.innerHTML = described.mathml; // made and escaped by explain/mathml.py
  const symbol = element("span", { class: "symbol" });
  const total = element("span", { class: "total" });
  const terms = element("span", { class: "terms" });
  const check = element("td", { class: "number checked" });
  const contributions = element("td", { class: "contributions" });
  const primal = { cell: element("td", { class: "number primal" }), text: described.primal };
  const row = element(
    "tr",
    { "data-of": described.label },
    variable,
    expression,
    primal.cell,
    element("td", { class: "formula-so-far" }, symbol, terms),
    element("td", { class: "number derivative" }, total),
    contributions,
  );
  return { described, row, primal, symbol, terms, total, check, contributions };
}
