/**
 * The places on a page of the site where something plays: each is drawn when it comes near, for good.
 */

import { inflated } from "./host.js";

const NEAR = "1500px 0px";

/**
 * Draws every place of a kind once it is near the window. Until then, and where its data cannot be read, it shows the still picture.
 * @param {string} kind
 * @param {(saved: any, el: HTMLElement) => void} draw
 */
export function playing(kind, draw) {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) {
          observer.unobserve(target);
          void drawn(/** @type {HTMLElement} */ (target), draw);
        }
      }
    },
    { rootMargin: NEAR },
  );
  for (const place of document.querySelectorAll(`[data-plays="${kind}"]`)) {
    observer.observe(place);
  }
}

/**
 * @param {HTMLElement} place
 * @param {(saved: any, el: HTMLElement) => void} draw
 */
async function drawn(place, draw) {
  const data = /** @type {HTMLElement} */ (place.querySelector("script"));
  try {
    draw(await inflated(/** @type {string} */ (data.textContent)), place);
  } catch (error) {
    place.dataset.failed = ""; // it then shows the transcript too, as without scripts
    throw error;
  }
  place.dataset.drawn = "";
  data.remove();
}
