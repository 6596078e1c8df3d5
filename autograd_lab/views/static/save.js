/**
 * Saves the picture as it stands: an SVG file of its own, in the colours that are on the screen, with the words below it.
 */

const NAMESPACE = "http://www.w3.org/2000/svg";

/** Paints and letters, written on each element: the file then needs no style sheet, and any drawing program reads it. */
const PROPERTIES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "paint-order",
  "opacity",
  "visibility",
  "font-family",
  "font-size",
  "font-weight",
  "font-style",
];

const NARROWEST = 560;
const MARGIN = 12;
const GAP = 10;

/**
 * @param {SVGSVGElement} svg as it stands in the page
 * @param {{words: string, size: number, quiet?: boolean}[]} lines what stands below the graph
 * @returns {string}
 */
export function fileOf(svg, lines) {
  const { width: graph, height: above } = svg.viewBox.baseVal;
  const width = Math.max(graph, NARROWEST);
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  settle(svg, copy);
  const own = getComputedStyle(svg);
  let y = above + GAP;
  for (const { words, size, quiet } of lines) {
    for (const piece of wrap(words, Math.floor((width - 2 * MARGIN) / (0.608 * size)))) {
      y += 1.5 * size;
      const placed = { x: graph / 2, y, "text-anchor": "middle", "font-size": size, "fill-opacity": quiet ? 0.7 : 1, direction: "ltr" };
      const text = made("text", { ...placed, "font-family": own.fontFamily, fill: plain(own.color) });
      text.textContent = piece;
      copy.append(text);
    }
  }
  const height = Math.ceil(y + MARGIN);
  const corner = { x: (graph - width) / 2, y: 0 };
  copy.prepend(made("rect", { ...corner, width, height, fill: plain(own.backgroundColor) }));
  for (const [name, value] of Object.entries({ viewBox: `${corner.x} 0 ${width} ${height}`, width, height, role: "img" })) {
    copy.setAttribute(name, String(value));
  }
  copy.removeAttribute("style");
  return `${new XMLSerializer().serializeToString(copy)}\n`;
}

/**
 * Offers a text as a file to keep.
 * @param {string} name
 * @param {string} text
 */
export function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/**
 * A name for a file, of letters that every system takes.
 * @param {...(string | number)} parts
 * @returns {string}
 */
export function fileName(...parts) {
  const words = parts.join("-").replace(/[^\p{L}\p{N}]+/gu, "-");
  return `${words.replace(/^-+|-+$/g, "").slice(0, 80) || "step"}.svg`;
}

/**
 * A text in lines of so many columns, broken at spaces; Hangul, Chinese and emoji take the room of two.
 * @param {string} words
 * @param {number} columns
 * @returns {string[]}
 */
export function wrap(words, columns) {
  const room = (/** @type {string} */ text) => [...text].reduce((sum, c) => sum + (c > "\u1100" && !/[\u2000-\u2fff]/.test(c) ? 2 : 1), 0);
  const lines = [""];
  for (const word of words.split(/\s+/)) {
    const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
    if (room(longer) <= columns || !lines[lines.length - 1]) {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/**
 * Writes what the style sheets say of an element into its copy, and so on for all below it.
 * @param {Element} original
 * @param {Element} copy
 */
function settle(original, copy) {
  const style = getComputedStyle(original);
  if (style.display === "none") {
    copy.remove();
    return;
  }
  for (const name of PROPERTIES) {
    copy.setAttribute(name, plain(style.getPropertyValue(name)));
  }
  const { transform } = style;
  if (transform !== "none" && !original.hasAttribute("transform")) {
    copy.setAttribute("transform", transform);
  }
  for (const name of ["tabindex", "aria-current", "class"]) {
    copy.removeAttribute(name);
  }
  // A list of its own: a copy that is not shown goes.
  const copies = [...copy.children];
  [...original.children].forEach((child, index) => settle(child, copies[index]));
}

/**
 * A colour that programs from before CSS Color 4 read too: color(srgb 1 0.5 0) is rgb(255, 128, 0).
 * @param {string} value
 * @returns {string}
 */
export function plain(value) {
  return value.replace(/color\(srgb ([^)]+)\)/g, (_, numbers) => {
    const [red, green, blue, , alpha] = numbers.split(" ").map(Number);
    const channels = [red, green, blue].map((channel) => Math.round(Math.min(Math.max(channel, 0), 1) * 255));
    return alpha === undefined ? `rgb(${channels.join(", ")})` : `rgba(${channels.join(", ")}, ${alpha})`;
  });
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 */
function made(tag, attributes) {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(value));
  }
  return element;
}
