/**
 * The steppers of a page of the site. The page's address leads to none of them: there may be several.
 */

import { modelOf } from "./page.js";
import { playing } from "./places.js";
import { render } from "./stepper.js";

playing("stepper", (saved, el) => void render({ model: modelOf(saved), el }));
