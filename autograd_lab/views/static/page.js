/**
 * The same stepper on a plain page: a model that holds every sweep the page was saved with, and no kernel behind it.
 */

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
 * Reads the page's data and draws its stepper.
 * @param {Document} page
 */
export async function start(page) {
  const { saved, el } = await openedPage(page);
  render({ model: modelOf(saved), el });
}
