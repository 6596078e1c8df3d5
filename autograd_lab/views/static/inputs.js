/**
 * The inputs: fields and sliders where a kernel can compute with other values, plain text where none can.
 *
 * One request is on its way at a time. What is typed meanwhile is sent when the answer has come, and until then
 * the stepper shows no number at all, so none is ever of other inputs than those in the fields.
 */

import { attribute, element, write } from "./dom.js";
import { fill } from "./words.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */

/** A slider reaches this many times the first value to both sides, and at least so far. */
const REACH = 2;
const LEAST_REACH = 2;
const POSITIONS = 200;

/**
 * @param {Storyboard} story
 * @param {(values: Record<string, number[]>) => void} ask sends the values of all fields to the kernel
 */
export function inputsOf(story, ask) {
  const fields = story.live ? story.inputs.filter(({ values }) => values !== null) : [];
  const plain = story.inputs.filter((input) => !fields.includes(input));
  /** @type {Map<string, HTMLInputElement[]>} */
  const numbers = new Map();
  let waiting = false;
  let changed = false;
  const notice = element("p", { class: "failed", role: "alert" });

  function send() {
    const values = new Map([...numbers].map(([label, inputs]) => [label, inputs.map((input) => input.valueAsNumber)]));
    if ([...values.values()].flat().some(Number.isNaN)) {
      return; // half a number, such as "-": the rest is being typed
    }
    if (waiting) {
      changed = true;
    } else {
      waiting = true;
      ask(Object.fromEntries(values));
    }
  }

  const groups = fields.map((input) => {
    const boxes = /** @type {string[]} */ (input.values).map((value, i) => fieldOf(input, value, i, send));
    numbers.set(input.label, boxes.map(({ number }) => number));
    return element("div", { class: "input" }, element("span", { class: "name" }, input.name), ...boxes.flatMap(({ nodes }) => nodes));
  });
  const texts = plain.map(({ name, primal }) => element("span", { class: "input plain" }, `${name} = ${primal}`));
  const node = element("div", { class: "inputs", role: "group", "aria-label": story.texts.inputs }, ...groups, ...texts, notice);

  return {
    node,
    /**
     * A story has come, perhaps as an answer. False where it has other inputs than these.
     * @param {Storyboard} answer
     * @returns {boolean}
     */
    renew(answer) {
      if (!answer.live || !sameInputs(story.inputs, answer.inputs)) {
        return false;
      }
      write(notice, answer.failed ? fill(story.texts.failed, { reason: answer.failed }) : "");
      waiting = false;
      if (changed) {
        changed = false;
        send();
      } else if (!node.matches(":focus-within")) {
        for (const { label, values } of answer.inputs) {
          numbers.get(label)?.forEach((number, i) => set(number, /** @type {string[]} */ (values)[i]));
        }
      }
      return true;
    },
  };
}

/**
 * @param {Storyboard["inputs"]} one
 * @param {Storyboard["inputs"]} other
 */
function sameInputs(one, other) {
  const named = (/** @type {Storyboard["inputs"]} */ inputs) => inputs.map(({ name, label, shape }) => [name, label, shape]);
  return JSON.stringify(named(one)) === JSON.stringify(named(other));
}

/**
 * A number field and, for a scalar, its slider.
 * @param {Storyboard["inputs"][number]} input
 * @param {string} value
 * @param {number} i
 * @param {() => void} send
 */
function fieldOf({ name, shape }, value, i, send) {
  const scalar = shape.length === 0;
  const called = scalar ? name : `${name}[${placeOf(i, shape)}]`;
  const number = element("input", { type: "number", step: "any", value, "aria-label": called });
  number.addEventListener("input", send);
  if (!scalar) {
    return { number, nodes: [number] };
  }
  const start = Number(value) || 0;
  const reach = Math.max(LEAST_REACH, REACH * Math.abs(start));
  const range = { min: start - reach, max: start + reach, step: reach / POSITIONS };
  const slider = element("input", { type: "range", ...range, value, "aria-label": called });
  slider.addEventListener("input", () => {
    number.value = String(Number(slider.valueAsNumber.toPrecision(4)));
    send();
  });
  number.addEventListener("input", () => {
    slider.value = number.value;
  });
  return { number, nodes: [number, slider] };
}

/**
 * Writes a value that came from the kernel into its field and its slider.
 * @param {HTMLInputElement} number
 * @param {string} value
 */
function set(number, value) {
  if (number.value !== value) {
    number.value = value;
    const slider = number.nextElementSibling;
    if (slider instanceof HTMLInputElement && slider.type === "range") {
      slider.value = value;
    }
  }
  attribute(number, "aria-invalid", number.value === "" ? "true" : null);
}

/**
 * The index of an element in C order: place 3 of shape [2, 2] is "1,1".
 * @param {number} i
 * @param {number[]} shape
 */
export function placeOf(i, shape) {
  const index = [];
  let rest = i;
  for (const length of [...shape].reverse()) {
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return index.join(",");
}
