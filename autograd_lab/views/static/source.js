/**
 * The learner's own code, with the expression marked that made the node (evaluation) or that the step differentiates.
 */

import { element, reveal } from "./dom.js";
import { linked } from "./link.js";
import { fill } from "./words.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Scene} Scene */
/** @typedef {import("./fold.js").Passage} Passage */

/**
 * @param {Storyboard} story
 * @param {import("./link.js").Links} links
 */
export function sourceOf(story, links) {
  const { texts } = story;
  /** @type {Map<string, HTMLElement>} */
  const places = new Map();
  const several = story.source.length > 1;
  const code = element("div", { class: "code" });
  for (const passage of story.source) {
    const pre = element("pre", {}, ...piecesOf(passage, places, texts));
    code.append(...(several && passage.title ? [element("p", {}, passage.title)] : []), pre);
  }
  if (story.source.length === 0) {
    code.append(element("p", { class: "quiet" }, texts.noSource));
  }
  if (story.source.length && places.size === 0) {
    code.setAttribute("tabindex", "0"); // nothing in it takes the focus, and it may be long
  }
  const node = element("figure", { class: "source" }, element("figcaption", {}, texts.source), code);
  const pieces = [...new Set(places.values())];
  /** The node that the step is about, where a piece of code made several. @type {string | null} */
  let about = null;

  /** @param {Element} target */
  function thingOf(target) {
    const labels = labelsOf(target.closest("[data-of]"));
    return labels.length ? { node: about !== null && labels.includes(about) ? about : labels[0] } : null;
  }

  const link = linked(code, () => pieces, thingOf, links);
  link.prepare();
  /** @type {{current: HTMLElement | undefined, marked: HTMLElement | undefined}} */
  const shown = { current: undefined, marked: undefined };

  /**
   * @param {"current" | "marked"} what
   * @param {string | null} label
   */
  function show(what, label) {
    const place = places.get(label ?? "");
    if (place !== shown[what]) {
      shown[what]?.classList.remove(what);
      place?.classList.add(what);
      shown[what] = place;
    }
  }

  return {
    node,
    /** @param {Scene} scene */
    draw(scene) {
      about = scene.operation;
      show("current", about);
    },
    follow() {
      if (shown.current) {
        reveal(code, shown.current);
      }
      link.follow(shown.current);
    },
    /** @param {import("./link.js").Marked} marked */
    mark(marked) {
      show("marked", marked.node);
    },
  };
}

/**
 * The text of a passage, every marked part in a span of its own; parts lie inside one another, as expressions do.
 * @param {Passage} passage
 * @param {Map<string, HTMLElement>} places gets the span of each label
 * @param {Record<string, string>} texts
 * @returns {(Node | string)[]}
 */
function piecesOf({ code, marks }, places, texts) {
  /** @type {(Node | string)[]} */
  const top = [];
  /** @type {{span: HTMLElement | null, end: number}[]} */
  const open = [{ span: null, end: code.length }];
  let at = 0;

  /** @param {number} end */
  function write(end) {
    const text = code.slice(at, end);
    const { span } = open[open.length - 1];
    if (text) {
      span ? span.append(text) : top.push(text);
    }
    at = end;
  }

  /** @param {number} position */
  function close(position) {
    while (open.length > 1 && open[open.length - 1].end <= position) {
      write(open[open.length - 1].end);
      open.pop();
    }
  }

  for (const [start, end, labels] of marks) {
    close(start);
    write(start);
    const said = fill(texts.made, { code: code.slice(start, end), labels: labels.join(", ") });
    const span = element("span", { class: "made", role: "group", "aria-label": said, "data-of": labels.join(" ") });
    labels.forEach((label) => places.set(label, span));
    const around = open[open.length - 1].span;
    around ? around.append(span) : top.push(span);
    open.push({ span, end });
  }
  close(code.length);
  write(code.length);
  return top;
}

/**
 * @param {Element | null} piece
 * @returns {string[]}
 */
function labelsOf(piece) {
  return piece?.getAttribute("data-of")?.split(" ") ?? [];
}
