/**
 * Play: one step after another until the end, or until anybody else steps.
 */

/** Long enough to read a short formula from the back of a room. */
export const PAUSE_BETWEEN_STEPS = 1500;

/**
 * @param {object} source
 * @param {() => {step: number, steps: number}} source.position
 * @param {(step: number) => void} source.go
 * @param {() => void} source.changed called when playing begins or ends
 * @param {{set: (run: () => void, delay: number) => any, clear: (timer: any) => void}} [clock]
 */
export function playerOf(source, clock = { set: (run, delay) => setTimeout(run, delay), clear: (t) => clearTimeout(t) }) {
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

  function advance() {
    const { step, steps } = source.position();
    timer = step + 1 < steps ? clock.set(advance, PAUSE_BETWEEN_STEPS) : null;
    expected = step + 1;
    source.go(expected);
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
      expected = step < steps ? step + 1 : 1;
      timer = expected < steps ? clock.set(advance, PAUSE_BETWEEN_STEPS) : null;
      source.go(expected);
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
