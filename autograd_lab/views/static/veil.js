/**
 * Hides the numbers of steps that nobody has asked for yet: a lecturer asks the room first. Pure: no page, no model.
 *
 * It stands between the storyboard and the parts, so that none of them can show or speak what is hidden.
 */

/** @typedef {import("./fold.js").Sweep} Sweep */
/** @typedef {import("./fold.js").Step} Step */

/** What stands in a number's place. */
export const HIDDEN = "…";

/** A number by itself: neither the 3 of w3, nor a subscript. */
const NUMBER = /(?<![\w.])-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf|nan)(?![\w.]*[a-zA-Z_(])/g;
const WHOLLY_NUMBER = /^-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf|nan|\[.*\])$/;

/** The first stages of an equation are symbols: what is computed, and by which formula. */
const SYMBOLIC_STAGES = 2;

/** Steps that were hidden before: a step of the same storyboard hides alike. @type {WeakMap<Step, Step>} */
const known = new WeakMap();

/**
 * The sweep with the numbers of every step after `revealed` (from 1; 0 for none) hidden.
 * @param {Sweep} sweep
 * @param {number} revealed
 * @returns {Sweep}
 */
export function veiled(sweep, revealed) {
  const steps = sweep.steps.map((step, index) => (index < revealed ? step : hide(step)));
  // The sum over paths holds every derivative of the sweep.
  return { ...sweep, steps, paths: revealed < steps.length ? null : sweep.paths };
}

/**
 * @param {Step} step
 * @returns {Step}
 */
function hide(step) {
  const hidden = known.get(step) ?? (step.kind === "node" ? hideEvaluation(step) : hideVisit(step));
  known.set(step, hidden);
  return hidden;
}

/**
 * @param {Step} step one of an evaluation
 * @returns {Step}
 */
function hideEvaluation(step) {
  return { ...step, sentence: hideNumbers(step.sentence), ...hideFormula(step, false), veiled: true };
}

/**
 * @param {Step} step one of an accumulation
 * @returns {Step}
 */
function hideVisit(step) {
  const literal = Boolean(step.local && WHOLLY_NUMBER.test(step.local.text));
  return {
    ...step,
    sentence: hideNumbers(step.sentence),
    ...hideFormula(step, literal),
    term: step.term && literal ? hideNumerals(step.term) : step.term,
    local: step.local && { ...step.local, text: literal ? HIDDEN : step.local.text, number: step.local.number && HIDDEN },
    incoming: step.incoming && HIDDEN,
    contribution: step.contribution && HIDDEN,
    before: HIDDEN,
    total: HIDDEN,
    array: undefined,
    received: step.received?.map((change) => ({ ...change, total: HIDDEN, array: undefined })),
  };
}

/**
 * The equations of a step, as MathML and as text.
 * @param {Step} step
 * @param {boolean} literal whether the local derivative is itself a number
 */
function hideFormula({ equation, formula }, literal) {
  return {
    equation: hideEquations(equation, literal),
    formula: formula.map((line, index) =>
      line
        .split(" = ")
        .map((stage, place, { length }) => (isSymbolic(index, place, length, literal) ? stage : hideNumbers(stage)))
        .join(" = "),
    ),
  };
}

/**
 * Whether a stage of a step's formulas holds no number that is a secret.
 * @param {number} index of the formula; the second one is the sum at the receiver
 * @param {number} place of the stage
 * @param {number} stages how many the formula has
 * @param {boolean} literal whether the local derivative is itself a number
 */
function isSymbolic(index, place, stages, literal) {
  return index === 0 && place < Math.min(SYMBOLIC_STAGES, stages - 1) && !(literal && place > 0);
}

/**
 * A sentence without its numbers; labels (w3) stay.
 * @param {string} sentence
 * @returns {string}
 */
export function hideNumbers(sentence) {
  return sentence.replace(NUMBER, HIDDEN);
}

/**
 * The MathML of a step without its numbers: of the first formula all stages after the symbolic ones, and the last one;
 * of the sum below it everything.
 * @param {string} mathml
 * @param {boolean} literal whether the local derivative is itself a number
 * @returns {string}
 */
function hideEquations(mathml, literal) {
  return mathml
    .split(/(?=<math[ >])/)
    .map((formula, index) => {
      const stages = stagesOf(formula);
      return stages
        .map((stage, place) => (isSymbolic(index, place, stages.length, literal) ? stage : hideNumerals(stage)))
        .join("<mo>=</mo>");
    })
    .join("");
}

/**
 * A formula's text, cut at the equals signs of its outermost row.
 * @param {string} formula
 * @returns {string[]}
 */
function stagesOf(formula) {
  const stages = [""];
  let depth = 0;
  for (const piece of formula.split(/(<mo>=<\/mo>|<mrow>|<\/mrow>)/)) {
    if (piece === "<mo>=</mo>" && depth === 1) {
      stages.push("");
      continue;
    }
    depth += piece === "<mrow>" ? 1 : piece === "</mrow>" ? -1 : 0;
    stages[stages.length - 1] += piece;
  }
  return stages;
}

/**
 * MathML without its numerals, except those that are a label's: the 5 of w₅.
 * @param {string} mathml
 * @returns {string}
 */
function hideNumerals(mathml) {
  return mathml.replace(/(<msub(?:sup)?><mi>[^<]*<\/mi><mn>[^<]*<\/mn>)|<mn>[^<]*<\/mn>/g, (whole, label) =>
    label ? whole : `<mn>${HIDDEN}</mn>`,
  );
}
