/**
 * Small helpers for elements: make one, and write to one only what changed.
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * element("button", {type: "button"}, "Play"); false and null leave an attribute out, texts become text nodes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | null>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    attribute(made, name, value === false || value === null ? null : String(value));
  }
  made.append(...children);
  return made;
}

/**
 * An icon of one path in a 24 by 24 square, not spoken.
 * @param {string} path
 * @returns {SVGSVGElement}
 */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" })) {
    svg.setAttribute(name, value);
  }
  svg.append(document.createElementNS(SVG, "path"));
  /** @type {Element} */ (svg.firstChild).setAttribute("d", path);
  return svg;
}

/**
 * Writes an attribute if it differs; null takes it away.
 * @param {Element} target
 * @param {string} name
 * @param {string | null} value
 */
export function attribute(target, name, value) {
  if (value === null) {
    target.removeAttribute(name);
  } else if (target.getAttribute(name) !== value) {
    target.setAttribute(name, value);
  }
}

/**
 * Writes text if it differs, so that a screen reader is not told the same again.
 * @param {Element | null} target
 * @param {string} text
 */
export function write(target, text) {
  if (target && target.textContent !== text) {
    target.textContent = text;
  }
}

/**
 * Scrolls a box, and only that box, so that something in it is in sight.
 * @param {HTMLElement} box
 * @param {Element} target
 */
export function reveal(box, target) {
  if (box.scrollHeight <= box.clientHeight + 1 && box.scrollWidth <= box.clientWidth + 1) {
    return;
  }
  const frame = box.getBoundingClientRect();
  const place = target.getBoundingClientRect();
  const margin = 24;
  if (place.top < frame.top + margin || place.bottom > frame.bottom - margin) {
    box.scrollTop += place.top + place.height / 2 - frame.top - frame.height / 2;
  }
  // What is wider than the box (a row of the table) is read from its beginning, wherever the reader has scrolled.
  const outside = place.left < frame.left + margin || place.right > frame.right - margin;
  if (outside && place.width <= frame.width) {
    // From the beginning if it can be seen there; else no further than it takes to see its end.
    const beyond = place.right + box.scrollLeft - frame.right + margin;
    box.scrollLeft = Math.max(beyond, 0);
  }
}
