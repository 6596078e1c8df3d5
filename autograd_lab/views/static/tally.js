/**
 * What forward and reverse accumulation have done after so many sweeps each. Pure: no page, no model.
 *
 * Nothing of a later sweep enters the result, so what is shown of it can give nothing away.
 */

/** @typedef {"forward" | "reverse"} Direction */

/**
 * @typedef {object} Swept one sweep
 * @property {string} node the input or output that it starts from
 * @property {{edges: number, multiplications: number}} cost
 * @property {string[] | null} cells the column or row of the Jacobian; null where the sweep had to stop
 * @property {string[]} visited the edges, by id; none where there is no picture
 * @property {string[]} unreached those of them that its seed does not reach
 */

/**
 * @typedef {object} Comparison
 * @property {string} title
 * @property {string} language
 * @property {Record<string, string>} texts
 * @property {string[]} notices
 * @property {string | null} svg the small picture; null where there is none
 * @property {string[]} columns the inputs
 * @property {string[]} rows the outputs
 * @property {boolean} readable whether the grids are small enough for numbers
 * @property {number} steps sweeps of the mode that takes more of them; 0 where costs are only counted
 * @property {Record<Direction, Swept[]>} sweeps
 * @property {Record<Direction, Counts>} totals
 * @property {string[]} sentences what each step did, from step 0
 * @property {string} closing
 */

/** @typedef {{sweeps: number, edges: number, multiplications: number}} Counts */

/**
 * @typedef {object} Tally
 * @property {Counts} counts
 * @property {(string[] | null)[]} filled the columns or rows known so far
 * @property {Swept | null} current the sweep of this step
 * @property {number} index which one that is; -1 for none
 * @property {"" | "done" | "stopped"} state
 */

/**
 * A step that there is: from 0, where nothing has been swept, to the last sweep.
 * @param {number} step
 * @param {number} steps
 * @returns {number}
 */
export function within(step, steps) {
  return Math.min(Math.max(Math.trunc(step) || 0, 0), steps);
}

/**
 * One panel after so many steps. Where the sweeps were not run, what they cost is known from the beginning.
 * @param {Comparison} story
 * @param {Direction} direction
 * @param {number} step
 * @returns {Tally}
 */
export function tally(story, direction, step) {
  if (story.steps === 0) {
    return { counts: story.totals[direction], filled: [], current: null, index: -1, state: "" };
  }
  const sweeps = story.sweeps[direction];
  const made = sweeps.slice(0, step);
  const counts = {
    sweeps: made.filter(({ cells }) => cells).length,
    edges: made.reduce((sum, { cost }) => sum + cost.edges, 0),
    multiplications: made.reduce((sum, { cost }) => sum + cost.multiplications, 0),
  };
  const stopped = made.some(({ cells }) => !cells);
  const index = step >= 1 && step <= sweeps.length ? step - 1 : -1;
  const state = stopped ? "stopped" : made.length === sweeps.length ? "done" : "";
  return { counts, filled: made.map(({ cells }) => cells), current: sweeps[index] ?? null, index, state };
}
