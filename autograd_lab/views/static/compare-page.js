/**
 * The comparison on a plain page.
 */

import { render } from "./compare.js";
import { modelOver, openedPage } from "./host.js";

const opened = await openedPage(document);
render({ model: modelOver(opened.saved), el: opened.el });
