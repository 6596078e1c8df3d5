/**
 * The same stepper on a plain page: a model that holds every sweep the page was saved with, and no kernel behind it.
 */

import { placeNamed } from "./address.js";
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
 * Goes where an address says, #step=7&mode=reverse; where it says nothing of a step, nowhere.
 * @param {import("./stepper.js").Model} model
 * @param {Sweep[]} sweeps
 * @param {string} hash
 */
export function follow(model, sweeps, hash) {
  const here = { mode: model.get("mode"), about: model.get("about"), step: model.get("step") };
  const stepsOf = (/** @type {string} */ mode, /** @type {string} */ about) =>
    sweeps.find((sweep) => sweep.mode === mode && sweep.about === about)?.steps.length ?? 1;
  for (const [name, value] of Object.entries(placeNamed(hash, model.get("storyboard"), here, stepsOf))) {
    model.set(name, value);
  }
  model.save_changes();
}

/**
 * Reads the page's data and draws its stepper, at the step that the address names.
 * @param {Document} page
 */
export async function start(page) {
  const data = /** @type {HTMLElement} */ (page.getElementById("saved"));
  const el = /** @type {HTMLElement} */ (page.getElementById("stepper"));
  const saved = await inflated(/** @type {string} */ (data.textContent));
  const model = modelOf({ linked: true, ...saved });
  const read = () => follow(model, saved.sweeps, location.hash);
  read();
  render({ model, el });
  addEventListener("hashchange", read);
}
