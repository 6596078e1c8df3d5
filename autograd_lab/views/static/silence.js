/**
 * The kernel's silence: a sentence for who waits in vain, after a restart or where no kernel is connected any more.
 *
 * Whether a kernel is there cannot be asked of the model in every notebook, so this goes by the clock. An answer that comes
 * late takes the sentence away again.
 */

import { element, write } from "./dom.js";

/** Milliseconds that an answer may take before the person is told. */
export const PATIENCE = 6000;

/**
 * @param {HTMLElement} region is marked while nothing is heard
 * @param {{patience?: number}} [options]
 */
export function silenceOf(region, { patience = PATIENCE } = {}) {
  const node = element("p", { class: "failed silence", role: "alert" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {string} words */
  function say(words) {
    write(node, words);
    region.toggleAttribute("data-silent", words !== "");
    if (words) {
      region.setAttribute("aria-busy", "false");
    }
  }

  function stop() {
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    node,
    stop,
    /**
     * Whether an answer is awaited now, and what to say if none comes.
     * @param {boolean} waiting
     * @param {string} words
     */
    await(waiting, words) {
      if (!waiting) {
        stop();
        say("");
      } else if (timer === undefined) {
        timer = setTimeout(() => say(words), patience);
      }
    },
  };
}
