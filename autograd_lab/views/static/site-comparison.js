/**
 * The comparisons of a page of the site.
 */

import { render } from "./compare.js";
import { modelOver } from "./host.js";
import { playing } from "./places.js";

playing("comparison", (saved, el) => void render({ model: modelOver(saved), el }));
