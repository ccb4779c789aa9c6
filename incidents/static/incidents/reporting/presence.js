/**
 * A note that a worker's key lies on this phone, which every page can read at once: signing out then leads over the report
 * page (../sign_out_guard.js). It says nothing about what was written.
 */
const nameOf = (worker) => `gridgov-reports-${worker}`;

export function notePresence(worker) {
  withStorage((storage) => storage.setItem(nameOf(worker), "1"));
}

export function forgetPresence(worker) {
  withStorage((storage) => storage.removeItem(nameOf(worker)));
}

/** A browser that forbids it keeps no reports either. */
function withStorage(work) {
  try {
    work(window.localStorage);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
