/**
 * Play: one step after another until the end, a pause point, or until anybody else steps.
 */

/** Milliseconds: long enough to read a short formula from the back of a room. */
export const PAUSE_BETWEEN_STEPS = 1500;

/**
 * @param {object} source
 * @param {() => {step: number, steps: number}} source.position
 * @param {(step: number) => void} source.go
 * @param {() => void} source.changed called when playing begins or ends
 * @param {(step: number) => boolean} [source.pausesAt] whether playing stops at a step
 * @param {() => number} [source.speed] how many times as fast as usual
 * @param {{set: (run: () => void, delay: number) => any, clear: (timer: any) => void}} [clock]
 */
export function playerOf(source, clock = { set: (run, delay) => setTimeout(run, delay), clear: (t) => clearTimeout(t) }) {
  const { pausesAt = () => false, speed = () => 1 } = source;
  /** @type {any} */
  let timer = null;
  let expected = 0;

  function stop() {
    if (timer !== null) {
      clock.clear(timer);
      timer = null;
      source.changed();
    }
  }

  /**
   * Goes to a step, and on from there if playing may.
   * @param {number} step
   * @param {number} steps
   */
  function visit(step, steps) {
    expected = step;
    const goesOn = step < steps && !pausesAt(step);
    timer = goesOn ? clock.set(advance, PAUSE_BETWEEN_STEPS / speed()) : null;
    source.go(step);
  }

  function advance() {
    const { step, steps } = source.position();
    visit(step + 1, steps);
    if (timer === null) {
      source.changed();
    }
  }

  return {
    get playing() {
      return timer !== null;
    },
    /** Begins with a step at once (from the end: with the first one), so that the press is seen to work. */
    toggle() {
      if (timer !== null) {
        stop();
        return;
      }
      const { step, steps } = source.position();
      if (steps < 2) {
        return;
      }
      visit(step < steps ? step + 1 : 1, steps);
      source.changed();
    },
    /** Told of every change of step: one that is not ours ends the playing. */
    moved() {
      if (timer !== null && source.position().step !== expected) {
        stop();
      }
    },
    stop,
  };
}
