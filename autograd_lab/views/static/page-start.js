/**
 * The last line of an exported page's script.
 */

import { start } from "./page.js";

start(document);
