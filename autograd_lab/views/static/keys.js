/**
 * The keyboard: which key means what, which keys a control keeps for itself, and how Escape leaves.
 */

/** @typedef {"first" | "previous" | "next" | "last" | "play" | "reveal" | "leave"} Command */

/** @type {Record<string, Command>} */
const COMMANDS = {
  ArrowLeft: "previous",
  ArrowRight: "next",
  // What the clickers of presenters send.
  PageUp: "previous",
  PageDown: "next",
  Home: "first",
  End: "last",
  " ": "play",
  n: "reveal",
  Escape: "leave",
};

/**
 * @typedef {object} Commands what a region does at a key
 * @property {(move: import("./transport.js").Move) => void} move
 * @property {() => void} play
 * @property {() => boolean} close closes what is open over the region, and says whether there was something
 * @property {() => void} [reveal]
 * @property {(event: KeyboardEvent) => boolean} [other] takes a key that is no command, and says whether it did
 */

/**
 * Makes a region obey the keyboard; what is pressed in it stays in it.
 * @param {HTMLElement} region
 * @param {Commands} commands
 */
export function obey(region, { move, play, close, reveal, other }) {
  region.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const target = /** @type {HTMLElement} */ (event.target);
    const command = commandOf(event, target);
    if (command === null) {
      if (!writes(target) && other?.(event)) {
        event.preventDefault();
      }
      return;
    }
    if (command === "reveal" && !reveal) {
      return;
    }
    event.preventDefault();
    if (command === "play") {
      play();
    } else if (command === "reveal") {
      reveal?.();
    } else if (command !== "leave") {
      move(command);
    } else if (!close()) {
      leave(region);
    }
  });
}

const ARROWS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

/**
 * What a key press asks for; null where the page or a control is to have it.
 * @param {{key: string, ctrlKey?: boolean, altKey?: boolean, metaKey?: boolean, shiftKey?: boolean}} event
 * @param {{tagName?: string, type?: string, isContentEditable?: boolean} | null} target the control it was pressed on
 * @returns {Command | null}
 */
export function commandOf(event, target) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) {
    return null;
  }
  const command = COMMANDS[event.key] ?? null;
  return command === null || keepsKey(target, event.key) ? null : command;
}

/**
 * Whether a control uses this key itself.
 * @param {{tagName?: string, type?: string, isContentEditable?: boolean} | null} target
 * @param {string} key
 * @returns {boolean}
 */
function keepsKey(target, key) {
  if (key === "Escape" || !target) {
    return false;
  }
  switch (target.tagName?.toLowerCase()) {
    case "button":
    case "summary":
      return key === " ";
    case "input":
      return target.type === "radio" || target.type === "checkbox" ? key === " " || ARROWS.has(key) : true;
    case "select":
    case "textarea":
      return true;
    default:
      return Boolean(target.isContentEditable);
  }
}

/**
 * Whether keys are written into a control.
 * @param {{tagName?: string, type?: string, isContentEditable?: boolean}} target
 * @returns {boolean}
 */
function writes({ tagName, type = "", isContentEditable }) {
  const field = tagName?.toLowerCase() === "input" && !["radio", "checkbox", "range", "button"].includes(type);
  return field || ["select", "textarea"].includes(tagName?.toLowerCase() ?? "") || Boolean(isContentEditable);
}

/**
 * Gives the keyboard back: to the next focusable thing around the region (a notebook's cell), else to the page.
 * @param {HTMLElement} region
 */
function leave(region) {
  /** @type {any} */
  let around = region;
  do {
    around = around.parentNode ?? around.host;
  } while (around && !(around instanceof HTMLElement && around.hasAttribute("tabindex")));
  const root = /** @type {Document | ShadowRoot} */ (region.getRootNode());
  const focused = root.activeElement;
  if (focused instanceof HTMLElement) {
    focused.blur();
  }
  around?.focus({ preventScroll: true });
}
