/**
 * What a lecturer sets on one view: type size, speed, hidden numbers; and what the View menu prints, saves and links to.
 *
 * All of it belongs to this view alone. The model is asked for pause points, and for what only a kernel or a page can do.
 */

import { linkTo } from "./address.js";
import { attribute } from "./dom.js";
import { USUAL_LOOK, menuOf } from "./menu.js";
import { printSteps, toldOf } from "./print.js";
import { download, fileName, fileOf } from "./save.js";
import { fill } from "./words.js";
import { veiled } from "./veil.js";

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Sweep} Sweep */
/** @typedef {import("./fold.js").Scene} Scene */

/**
 * @param {HTMLElement} region
 * @param {import("./stepper.js").Model} model
 * @param {() => void} changed told when the view must be drawn again
 */
export function lectureOf(region, model, changed) {
  let look = USUAL_LOOK;
  /** @type {Sweep | null} */
  let whole = null;
  /** What stands on the screen: the sweep, its numbers hidden or not. @type {Sweep | null} */
  let shown = null;
  /** @type {ReturnType<typeof menuOf> | null} */
  let menu = null;
  /** The number of the animation that this view waits for. */
  let awaited = 0;

  const story = () => /** @type {Storyboard} */ (model.get("storyboard"));
  const pauses = () => /** @type {number[]} */ (model.get("pauses") ?? []);
  const step = () => Math.min(Math.max(model.get("step"), 1), shown?.steps.length ?? 1);

  /** @param {Partial<import("./menu.js").Look>} changes */
  function change(changes) {
    look = { ...look, ...changes };
    region.style.setProperty("--stepper-size", String(look.size));
    region.classList.toggle("large-type", look.size > 1.25);
    shown = null;
    changed();
  }

  /** @param {number[]} steps @param {boolean} table */
  function printed(steps, table) {
    if (shown) {
      printSteps(region, story(), shown, steps, table);
    }
  }

  function saveStep() {
    const svg = /** @type {SVGSVGElement | null} */ (region.querySelector(".graph svg.autograd-graph"));
    if (!svg || !shown) {
      return;
    }
    const { sentence, formula } = shown.steps[step() - 1];
    const lines = [
      { words: toldOf(story(), shown, step()), size: 13, quiet: true },
      ...formula.map((words) => ({ words, size: 15 })),
      { words: sentence, size: 13, quiet: true },
    ];
    const name = fileName(story().title, shown.mode, step());
    download(name, fileOf(svg, lines));
    return fill(story().texts.saved, { name });
  }

  function saveAll() {
    awaited = (model.get("animation").asked ?? 0) + 1;
    model.set("animation", { asked: awaited });
    model.save_changes();
    return story().texts.drawing;
  }

  /** The kernel has drawn what some view asked for. */
  function arrived() {
    const { asked, svg, name: title } = model.get("animation");
    if (svg && asked === awaited) {
      awaited = 0;
      const name = fileName(title);
      download(name, svg);
      menu?.tell(fill(story().texts.saved, { name }));
    }
  }
  model.on("change:animation", arrived);

  async function copyLink() {
    const { texts } = story();
    const address = new URL(linkTo({ step: step(), mode: model.get("mode"), about: model.get("about") }), location.href).href;
    // In the address bar too, without a new entry: Back leads to where the person came from.
    history.replaceState(history.state, "", address);
    try {
      await navigator.clipboard.writeText(address);
    } catch {
      return fill(texts.linkIs, { address }); // no leave to write there: the person copies it
    }
    return texts.linkCopied;
  }

  return {
    /**
     * The sweep as it may be shown.
     * @param {Sweep | null} sweep
     * @returns {Sweep | null}
     */
    seen(sweep) {
      if (sweep !== whole) {
        whole = sweep;
        shown = null;
        look = { ...look, revealed: 0 };
      }
      shown ??= sweep && look.hiding ? veiled(sweep, look.revealed) : sweep;
      return shown;
    },
    /** @param {number} at */
    pausesAt: (at) => pauses().includes(at),
    pauses,
    speed: () => look.speed,
    reveal: () => {
      if (look.hiding && step() > look.revealed) {
        change({ revealed: step() });
      }
    },
    /** Closes the menu; false where none was open. */
    close: () => menu?.close() ?? false,
    /** A new menu, for new words. */
    menu() {
      const drawn = story().svg !== null && model.get("parts").includes("graph");
      menu = menuOf(story(), change, {
        printStep: () => printed([step()], true),
        printAll: () => printed((shown?.steps ?? []).map((_, index) => index + 1), false),
        saveStep: drawn ? saveStep : null,
        saveAll: drawn && model.get("animation") ? saveAll : null,
        copyLink: model.get("linked") ? copyLink : null,
      });
      return menu.node;
    },
    /** @param {Scene} scene */
    update(scene) {
      menu?.update(scene, look);
      attribute(region, "data-told", shown && toldOf(story(), shown, scene.step));
    },
    stop: () => model.off("change:animation", arrived),
  };
}
