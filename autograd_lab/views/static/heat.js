/**
 * Arrays in the picture: fills the room that views/node_box.py keeps for a derivative, with elements or with a heat map.
 */

import { write } from "./dom.js";
import { fill } from "./words.js";

/** The numbers beside a heat map, in the order of their slots in views/node_box.py: each with its text. */
const STATS = { min: "heatMin", mean: "heatMean", max: "heatMax", scale: "heatScale", odd: "heatOdd" };

const STRENGTHS = "1234abcd";
/** Negative cells have a bar across, of ink on weak ones and of paper on strong ones. */
const BARRED = { weak: "ab", strong: "cd-" };
const ODD = "x+-";

/**
 * Shows an array, or nothing.
 * @param {(key: string) => Element | null} slot the places in a node's box
 * @param {import("./fold.js").ArrayTold | null} array
 * @param {Record<string, string>} texts
 */
export function drawArray(slot, array, texts) {
  for (let i = 0, place = slot("cell0"); place; i += 1, place = slot(`cell${i}`)) {
    write(place, array?.cells?.[i] ?? "");
  }
  const map = slot("heat");
  if (map) {
    map.innerHTML = heatOf(array?.heat ?? "", Number(map.getAttribute("data-columns")));
    Object.entries(STATS).forEach(([name, text], i) => {
      const value = array?.stats?.[i] ?? "";
      write(slot(name), value && fill(texts[text], { value }));
    });
  }
}

/**
 * The cells, one character each, row by row, as paths of unit squares; the same as those of views/heat.py.
 * @param {string} cells
 * @param {number} columns
 * @returns {string}
 */
export function heatOf(cells, columns) {
  const rows = cells.match(new RegExp(`.{1,${columns}}`, "g")) ?? [];
  const solid = rows.map((row) => row.replaceAll("+", "4").replaceAll("-", "d"));
  const crosses = rows.flatMap((row, y) =>
    [...row].map((cell, x) => (ODD.includes(cell) ? `M${x} ${y}m.2-.3l.6 .6m0-.6l-.6 .6` : "")),
  );
  return [
    ...[...STRENGTHS].map((strength) => [`h${strength}`, runs(solid, strength)]),
    ...Object.entries(BARRED).map(([name, strengths]) => [name, runs(rows, strengths)]),
    ["odd", crosses.join("")],
  ]
    .filter(([, line]) => line)
    .map(([name, line]) => `<path class="${name}" d="${line}"/>`)
    .join("");
}

/**
 * Cells of these strengths that stand side by side, as one stroke each.
 * @param {string[]} rows
 * @param {string} strengths
 */
function runs(rows, strengths) {
  const run = new RegExp(`[${strengths}]+`, "g");
  return rows.flatMap((row, y) => [...row.matchAll(run)].map((found) => `M${found.index} ${y}h${found[0].length}`)).join("");
}
