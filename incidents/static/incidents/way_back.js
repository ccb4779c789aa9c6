/**
 * From any page of a case back to the list as it was left. Who comes from the list has its filters in the link.
 */
import { lastQueue } from "./last_queue.js";

const wayBack = document.querySelector("[data-way-back]");
if (!wayBack.search) wayBack.search = lastQueue();
