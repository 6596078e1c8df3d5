/**
 * A link to a step of an exported page: #step=7&mode=reverse&about=w5. Pure: no page, no model.
 */

/** @typedef {import("./fold.js").Storyboard} Storyboard */
/** @typedef {import("./fold.js").Mode} Mode */
/** @typedef {{mode: Mode, about: string, step: number}} Place */

/**
 * Where a link leads. What it leaves out stays as it is; what there is not becomes the nearest thing that there is.
 * @param {string} hash with or without its #
 * @param {Storyboard} story
 * @param {Place} here
 * @param {(mode: Mode, about: string) => number} stepsOf how many steps a sweep has
 * @returns {Place}
 */
export function placeNamed(hash, story, here, stepsOf) {
  const asked = new URLSearchParams(hash.replace(/^#/, ""));
  const held = /** @type {Mode[]} */ (Object.keys(story.choices)).filter((known) => story.choices[known].length);
  const mode = held.find((known) => known === asked.get("mode")) ?? here.mode;
  const offered = story.choices[mode];
  const wanted = asked.get("about") ?? (mode === here.mode ? here.about : "");
  const about = (offered.find(({ key }) => key === wanted) ?? offered.find(({ text }) => text === wanted) ?? offered[0])?.key ?? "";
  const moved = mode !== here.mode || about !== here.about;
  const number = Number.parseInt(asked.get("step") ?? (moved ? "1" : String(here.step)), 10);
  const step = Math.min(Math.max(number || 1, 1), Math.max(stepsOf(mode, about), 1));
  return { mode, about, step };
}

/**
 * The hash that leads to a place.
 * @param {Place} place
 * @returns {string}
 */
export function linkTo({ step, mode, about }) {
  return `#${new URLSearchParams({ step: String(step), mode, ...(about && { about }) })}`;
}
