/**
 * A plain page in the kernel's place: a model over values, with the few methods of a widget's that the views use.
 */

/**
 * @param {Record<string, any>} values
 * @param {Record<string, () => any>} [computed] what is looked up anew each time
 * @returns {import("./stepper.js").Model}
 */
export function modelOver(values, computed = {}) {
  /** @type {Map<string, Set<() => void>>} */
  const listeners = new Map();
  return {
    get: (name) => (computed[name] ? computed[name]() : values[name]),
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
 * What the page was saved with: JSON, deflated, in base64 (views/page.py).
 * @param {string} text
 * @returns {Promise<any>}
 */
export async function inflated(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}

/**
 * What the page was saved with, and where its view belongs.
 * @param {Document} page
 */
export async function openedPage(page) {
  const data = /** @type {HTMLElement} */ (page.getElementById("saved"));
  const el = /** @type {HTMLElement} */ (page.getElementById("stepper"));
  return { saved: await inflated(/** @type {string} */ (data.textContent)), el };
}
