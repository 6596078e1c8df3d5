/**
 * The same stepper on a plain page: a model that holds every sweep the page was saved with, and no kernel behind it.
 */

import { render } from "./stepper.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Sweep} Sweep */

/**
 * What the page was saved with: JSON, deflated, in base64 (views/page.py).
 * @param {string} text
 * @returns {Promise<any>}
 */
export async function inflated(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}

/**
 * A model as a widget has, over what the page holds.
 * @param {{storyboard: Storyboard, sweeps: Sweep[], mode: string, about: string, step: number, parts: string[]}} saved
 * @returns {import("./stepper.js").Model}
 */
export function modelOf({ sweeps, ...rest }) {
  /** @type {Record<string, any>} */
  const values = { ...rest };
  /** @type {Map<string, Set<() => void>>} */
  const listeners = new Map();
  const chosen = () => sweeps.find(({ mode, about }) => mode === values.mode && about === values.about) ?? {};
  return {
    get: (name) => (name === "sweep" ? chosen() : values[name]),
    set(name, value) {
      if (values[name] !== value) {
        values[name] = value;
        listeners.get(`change:${name}`)?.forEach((listener) => listener());
      }
    },
    on: (event, listener) => void listeners.set(event, (listeners.get(event) ?? new Set()).add(listener)),
    off: (event, listener) => void listeners.get(event)?.delete(listener),
    save_changes() {},
  };
}

/**
 * Reads the page's data and draws its stepper.
 * @param {Document} page
 */
export async function start(page) {
  const data = /** @type {HTMLElement} */ (page.getElementById("saved"));
  const el = /** @type {HTMLElement} */ (page.getElementById("stepper"));
  render({ model: modelOf(await inflated(/** @type {string} */ (data.textContent))), el });
}
