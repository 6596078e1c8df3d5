/** The lesson's example, f(x, y) = x*y + sin(x) at (2, 3), as Python made it. */

import { readFileSync } from "node:fs";

const text = readFileSync(new URL("./fixtures/product_plus_sine.json", import.meta.url), "utf8");

export const { storyboard, sweeps } = JSON.parse(text);
export const [evaluation, forwardFromX, forwardFromY, reverse] = sweeps;
