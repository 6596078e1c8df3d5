/**
 * Full screen; where a page may not ask for it (a frame, a webview), the region fills the window instead.
 */

/**
 * @param {HTMLElement} region
 * @param {() => void} changed
 */
export function screenOf(region, changed) {
  const fills = () => region.classList.contains("fills-window");
  const full = () => region.matches(":fullscreen");

  /** @param {boolean} filling */
  function fillWindow(filling) {
    region.classList.toggle("fills-window", filling);
    changed();
  }

  /** A button pressed by mouse keeps no key to itself: Space plays then, and does not press it again. */
  function takeKeys() {
    if (region.querySelector("button:focus:not(:focus-visible)")) {
      region.focus({ preventScroll: true });
    }
  }

  async function toggle() {
    if (full()) {
      await document.exitFullscreen();
    } else if (fills()) {
      fillWindow(false);
    } else {
      try {
        await region.requestFullscreen();
      } catch {
        fillWindow(true);
      }
      takeKeys();
    }
  }

  region.addEventListener("fullscreenchange", changed);
  return {
    get on() {
      return full() || fills();
    },
    toggle,
    /** Leaves it, and says whether there was something to leave. */
    close() {
      const open = full() || fills();
      if (open) {
        void toggle();
      }
      return open;
    },
    stop() {
      region.removeEventListener("fullscreenchange", changed);
      if (full()) {
        document.exitFullscreen();
      }
    },
  };
}
