/**
 * What anywidget loads for a comparison: an object with render.
 */

import { render } from "./compare.js";

export default { render };
