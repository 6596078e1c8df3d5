/**
 * What is to be seen of a picture: zoom and pan by buttons, keys, mouse and fingers, and the current step kept in sight.
 *
 * The picture stands in a box that scrolls; nothing in it is laid out anew. A plain wheel stays the page's, and so do
 * fingers while the whole picture is in sight. Place and size outlive the picture: a story made anew is seen from there.
 */

import { element } from "./dom.js";

/** @typedef {import("./fold.js").Scene} Scene */
/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {{left: number, top: number, width: number, height: number}} Rectangle */
/** @typedef {{scale: number | null, height: string, left: number, top: number, size: string}} Place what outlives a picture */

const ZOOM_STEP = 1.25;
const SMALLEST_SCALE = 0.02;
const LARGEST_SCALE = 4;
const LARGEST_FIT = 1.35;
const PAN = 80;
const SIGHT_MARGIN = 24;
/** Pixels that a mouse moves before a click becomes a drag. */
const DRAG_FROM = 4;

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * The scale at which all is in sight.
 * @param {{width: number, height: number}} natural
 * @param {{width: number, height: number}} room
 */
export function fitting(natural, room) {
  return Math.min(room.width / natural.width, room.height / natural.height, LARGEST_FIT);
}

/**
 * How far to scroll so that the point under the pointer stays there when the scale changes.
 * @param {number} scroll
 * @param {number} point from the edge of the box
 * @param {number} ratio the new scale over the old one
 */
export function scrolled(scroll, point, ratio) {
  return (scroll + point) * ratio - point;
}

/**
 * How far to move a box's scroll so that a stretch lies in it: not at all where it does; in the middle where it does not.
 * @param {number} from where the stretch begins, from the box's edge
 * @param {number} length
 * @param {number} room
 */
export function correction(from, length, room) {
  const margin = Math.min(SIGHT_MARGIN, Math.max((room - length) / 2, 0));
  return from >= margin && from + length <= room - margin ? 0 : from + length / 2 - room / 2;
}

/**
 * @param {HTMLElement} box that the picture stands in
 * @param {SVGSVGElement} svg
 * @param {Storyboard} story
 * @param {{place: Partial<Place>}} memory where what outlives the picture is kept
 */
export function viewportOf(box, svg, story, { place }) {
  const { texts } = story;
  const natural = svg.viewBox.baseVal;
  svg.style.setProperty("--natural-width", `${natural.width}px`);
  const size = `${natural.width} ${natural.height}`;

  const zoomIn = viewButton("zoom-in", "+", texts.zoomIn, () => zoom(ZOOM_STEP));
  const zoomOut = viewButton("zoom-out", "−", texts.zoomOut, () => zoom(1 / ZOOM_STEP));
  const fit = viewButton("fit", texts.fit, texts.fit, toFit);
  const bar = element("div", { class: "viewport", role: "group", "aria-label": texts.viewport }, zoomOut, zoomIn, fit);

  const scaleNow = () => svg.getBoundingClientRect().width / natural.width;

  /** @param {number | null} scale null: as large as the style sheet says */
  function apply(scale) {
    place.scale = scale;
    place.height ||= `${box.clientHeight}px`;
    box.style.height = scale === null ? "" : place.height;
    if (scale === null) {
      place.height = "";
      svg.style.removeProperty("--width");
    } else {
      svg.style.setProperty("--width", `${scale * natural.width}px`);
    }
    settle();
  }

  /** Fingers scroll the page as long as there is nothing to scroll here. */
  function settle() {
    const across = box.scrollWidth > box.clientWidth + 1;
    const down = box.scrollHeight > box.clientHeight + 1;
    box.classList.toggle("pans", across || down);
    box.style.touchAction = down ? "none" : "pan-x pan-y";
  }

  /**
   * @param {number} factor
   * @param {{x: number, y: number}} [point] that stays where it is; the middle if left out
   */
  function zoom(factor, point = { x: box.clientWidth / 2, y: box.clientHeight / 2 }) {
    const before = scaleNow();
    const scale = Math.min(Math.max(before * factor, SMALLEST_SCALE), LARGEST_SCALE);
    const { scrollLeft, scrollTop } = box;
    apply(scale);
    box.scrollLeft = scrolled(scrollLeft, point.x, scale / before);
    box.scrollTop = scrolled(scrollTop, point.y, scale / before);
  }

  function toFit() {
    apply(fitting(natural, { width: box.clientWidth, height: box.clientHeight }));
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  function pan(x, y) {
    box.scrollBy(x, y);
  }

  /** @param {{clientX: number, clientY: number}} event */
  function inBox({ clientX, clientY }) {
    const { left, top } = box.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  box.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        zoom(Math.exp(-event.deltaY / 300), inBox(event));
      }
    },
    { passive: false },
  );

  /** Fingers, or the pressed mouse, by their numbers. @type {Map<number, {x: number, y: number}>} */
  const held = new Map();
  let dragged = 0;
  box.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && (event.pointerType === "mouse" || box.style.touchAction === "none" || held.size)) {
      held.set(event.pointerId, inBox(event));
      dragged = 0;
    } else if (event.pointerType === "touch") {
      held.set(event.pointerId, inBox(event));
    }
  });
  box.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) {
      return;
    }
    const now = inBox(event);
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const apart = Math.hypot(before.x - other.x, before.y - other.y);
      zoom(Math.hypot(now.x - other.x, now.y - other.y) / (apart || 1), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    } else if (event.pointerType === "mouse" || box.style.touchAction === "none") {
      dragged += Math.hypot(now.x - before.x, now.y - before.y);
      if (dragged >= DRAG_FROM && !box.hasPointerCapture(event.pointerId)) {
        box.setPointerCapture(event.pointerId);
        box.classList.add("dragged");
      }
      pan(before.x - now.x, before.y - now.y);
    }
    held.set(event.pointerId, now);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    box.addEventListener(end, (event) => {
      held.delete(/** @type {PointerEvent} */ (event).pointerId);
      box.classList.remove("dragged");
    });
  }
  // The end of a drag is no click on what lies under it.
  box.addEventListener(
    "click",
    (event) => {
      if (dragged >= DRAG_FROM) {
        event.stopPropagation();
        dragged = 0;
      }
    },
    { capture: true },
  );
  box.addEventListener("scroll", () => Object.assign(place, { left: box.scrollLeft, top: box.scrollTop }), { passive: true });

  let placed = false;
  /** What is to be in sight. @type {[Element, Element | undefined] | null} */
  let wanted = null;
  new ResizeObserver(() => {
    const panned = box.classList.contains("pans");
    settle();
    if (!panned) {
      bring(); // it was not laid out before, or had room enough
    }
  }).observe(box);

  function bring() {
    if (wanted === null || !box.classList.contains("pans")) {
      return;
    }
    const [target, beside] = wanted;
    const frame = box.getBoundingClientRect();
    const own = target.getBoundingClientRect();
    const both = beside ? around(own, beside.getBoundingClientRect()) : own;
    const x = both.width <= frame.width ? both : own;
    const y = both.height <= frame.height ? both : own;
    pan(correction(x.left - frame.left, x.width, box.clientWidth), correction(y.top - frame.top, y.height, box.clientHeight));
  }

  return {
    bar,
    /** In its place for the first time: of the size of the last, and where the picture is as large as before at its place. */
    resume() {
      if (placed || !box.clientWidth) {
        return;
      }
      placed = true;
      const { left = 0, top = 0, scale = null } = place;
      if (scale !== null) {
        apply(scale);
      }
      if (place.size === size) {
        box.scrollTo(left, top);
      }
      place.size = size;
      settle();
    },
    /**
     * Brings what is current into sight: an edge with the node that it leads to, where both have room.
     * @param {Element | undefined} target
     * @param {Element | undefined} beside
     */
    reveal(target, beside) {
      wanted = target ? [target, beside] : null;
      bring();
    },
    /**
     * Whether a key was for the picture.
     * @param {KeyboardEvent} event
     */
    key(event) {
      if (event.ctrlKey || event.altKey || event.metaKey) {
        return false;
      }
      const arrow = event.shiftKey ? DIRECTIONS[/** @type {keyof typeof DIRECTIONS} */ (event.key)] : undefined;
      if (arrow) {
        pan(arrow[0] * PAN, arrow[1] * PAN);
      } else if (event.key === "+" || event.key === "=") {
        zoom(ZOOM_STEP);
      } else if (event.key === "-") {
        zoom(1 / ZOOM_STEP);
      } else if (event.key === "0") {
        toFit();
      } else {
        return false;
      }
      return true;
    },
  };
}

/**
 * @param {DOMRect} one
 * @param {DOMRect} other
 * @returns {Rectangle}
 */
function around(one, other) {
  const left = Math.min(one.left, other.left);
  const top = Math.min(one.top, other.top);
  return { left, top, width: Math.max(one.right, other.right) - left, height: Math.max(one.bottom, other.bottom) - top };
}

/**
 * @param {string} kind
 * @param {string} shown
 * @param {string} name
 * @param {() => void} press
 */
function viewButton(kind, shown, name, press) {
  const made = element("button", { type: "button", class: `${kind} words`, "aria-label": name, title: name }, shown);
  made.addEventListener("click", press);
  return made;
}
