/* Keeping the page on the phone (see ../service_worker.js), and changing to a newer version of it when the worker
   wishes. Where there is no service worker the page works as well, but opens only with a network. */

const ADDRESS = "/report/service-worker.js";
const SCOPE = "/report";
const LOOK_EVERY_MS = 60 * 60 * 1000;
const TRIED = "gridgov-language-tried";

/**
 * Register the service worker and tell of new versions. To be called once the form is usable, never before: on a
 * slow network the files to be kept would hold it up.
 *
 * @param {(update: () => Promise<void>) => void} onReady  called when a new version lies ready; `update()` changes to
 *   it and loads the page anew
 * @param {() => Promise<void>} [beforeReload]  saves what was just typed
 */
export async function watchForUpdate(onReady, beforeReload = async () => {}) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  await pageLoaded();
  let registration;
  try {
    // Under another address it is another worker: one that keeps the page in the language chosen since.
    const language = cookieLanguage() || document.documentElement.lang;
    registration = await workers.register(`${ADDRESS}?language=${encodeURIComponent(language)}`, { scope: SCOPE });
  } catch {
    return; // a private window, a portal's page instead of the script, or no space: it is tried again next time
  }
  const offer = () => {
    const update = () => changeVersion(registration, beforeReload);
    if (wantsOtherLanguage()) update();
    else onReady(update);
  };
  if (registration.waiting) offer();
  const follow = (next) => next?.addEventListener("statechange", () => {
    if (next.state === "installed" && registration.active) offer();
  });
  follow(registration.installing);
  registration.addEventListener("updatefound", () => follow(registration.installing));
  lookNowAndThen(registration);
}

/** The worker that waits takes over, and the page is loaded anew with what it keeps. */
async function changeVersion(registration, beforeReload) {
  if (wantsOtherLanguage()) sessionStorage.setItem(TRIED, cookieLanguage());
  await beforeReload();
  // Not on any change of worker: another tab's wish must not take the page out of these hands.
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  if (registration.waiting) registration.waiting.postMessage({ type: "take-over" });
  else location.reload(); // another tab was told to before
}

/** The browser itself looks at each opening, but a page may stay open for a whole shift. */
function lookNowAndThen(registration) {
  let lookedAt = Date.now();
  const look = () => {
    lookedAt = Date.now();
    registration.update().catch(() => {}); // no network: the next time will do
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - lookedAt > LOOK_EVERY_MS) look();
  });
}

/** Whether another language was chosen than this page's. Tried once for each choice, so that nothing goes in circles. */
function wantsOtherLanguage() {
  const chosen = cookieLanguage();
  return Boolean(chosen) && chosen !== document.documentElement.lang && sessionStorage.getItem(TRIED) !== chosen;
}

function cookieLanguage() {
  return document.cookie.match(/(?:^|; )django_language=([^;]*)/)?.[1] ?? "";
}

function pageLoaded() {
  if (document.readyState === "complete") return Promise.resolve();
  return new Promise((resolve) => window.addEventListener("load", resolve, { once: true }));
}
