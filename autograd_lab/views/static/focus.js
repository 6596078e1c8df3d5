/**
 * Keeps the focus: what is redrawn, taken away or hidden must not take the keyboard with it.
 *
 * A browser gives the focus of an element that is gone to the page, and the next arrow key would then do nothing.
 */

/** What an element of a view stands for, whichever element that is now. */
const TRAITS = ["data-node", "data-edge", "data-scope", "data-frame", "data-of"];
/** What tells the controls apart. */
const KINDS = ["class", "type", "value"];

/**
 * Makes a change; if it takes away what has the focus, gives the focus to what stands in its place, to what is current
 * in the same part, or to the region.
 * @param {HTMLElement} region
 * @param {() => void} change
 */
export function keepingFocus(region, change) {
  const held = focusedIn(region);
  const part = [...region.children].find((child) => child.contains(held));
  const place = part?.classList[0] ?? "";
  change();
  if (held && held !== region && !(region.contains(held) && isSeen(held))) {
    const same = [...region.querySelectorAll(nameOf(held))];
    const around = [...region.querySelectorAll(`.${place} :is([aria-current][tabindex], [tabindex="0"])`)];
    const next = /** @type {HTMLElement} */ ([...same, ...around, region].find(isSeen));
    next.focus({ preventScroll: true });
  }
}

/**
 * What has the focus, in the region or as the region.
 * @param {HTMLElement} region
 * @returns {Element | null}
 */
function focusedIn(region) {
  const { activeElement } = /** @type {Document | ShadowRoot} */ (region.getRootNode());
  return region.contains(activeElement) ? activeElement : null;
}

/**
 * @param {Element} element
 * @returns {boolean}
 */
function isSeen(element) {
  return element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";
}

/**
 * A selector of what would be the same thing after a change.
 * @param {Element} element
 * @returns {string}
 */
function nameOf(element) {
  const tag = element.tagName.toLowerCase();
  const trait = TRAITS.find((name) => element.hasAttribute(name));
  const kinds = trait ? [trait] : KINDS.filter((name) => element.hasAttribute(name));
  return `${tag}${kinds.map((name) => `[${name}=${JSON.stringify(element.getAttribute(name))}]`).join("")}`;
}
