/**
 * The same stepper on a plain page: a model that holds every sweep the page was saved with, and no kernel behind it.
 */

import { placeNamed } from "./address.js";
import { modelOver, openedPage } from "./host.js";
import { render } from "./stepper.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Sweep} Sweep */

/**
 * A model as a widget has, over what the page holds.
 * @param {{storyboard: Storyboard, sweeps: Sweep[], mode: string, about: string, step: number, parts: string[]}} saved
 * @returns {import("./stepper.js").Model}
 */
export function modelOf({ sweeps, ...rest }) {
  /** @type {Record<string, any>} */
  const values = { ...rest };
  const chosen = () => sweeps.find(({ mode, about }) => mode === values.mode && about === values.about) ?? {};
  return modelOver(values, { sweep: chosen });
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
  const { saved, el } = await openedPage(page);
  const model = modelOf({ linked: true, ...saved });
  const read = () => follow(model, saved.sweeps, location.hash);
  read();
  render({ model, el });
  addEventListener("hashchange", read);
}
