/**
 * The filters of the queue that was looked at last in this tab, so that the way back from a dispute leads to it.
 */
const NAME = "gridgov.queue";

export function rememberQueue(search) {
  try {
    sessionStorage.setItem(NAME, search);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error; // Storage is forbidden: the way back leads to the plain queue.
  }
}

export function lastQueue() {
  try {
    return sessionStorage.getItem(NAME) ?? "";
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return "";
  }
}
