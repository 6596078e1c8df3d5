/**
 * What anywidget loads: an object with render.
 */

import { render } from "./stepper.js";

export default { render };
