/* Keeps the report page on the phone, so that it opens without a network. Nothing else: reports are queued and sent
   by the page (reporting/outbox.js), which works as well where there is no service worker, as in WeChat's browser.

   The view puts `const KEPT = {version, language, shell, static, files: [[address, integrity], …]}` before this.

   It answers GET alone. For everything else it does not call respondWith, since a worker that passes a POST on has
   sent empty bodies (iOS). It leaves /api/ alone too: reference data are a worker's own, and a cache is open to
   whoever has the phone in their hands; the page keeps them in IndexedDB, encrypted. */

const PREFIX = "gridgov-report-";
const CACHE = PREFIX + KEPT.version;

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
// Serves the page that has just been opened for the first time too, so that what it loads later is there.
self.addEventListener("activate", (event) => event.waitUntil(sweep(1).then(() => self.clients.claim())));
// Only when the worker at the phone says so does a new version take the place of one that is being used.
self.addEventListener("message", (event) => {
  if (event.data?.type === "take-over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === KEPT.shell) openShell(event);
  } else if (pathname.startsWith(KEPT.static) || KEPT.files.some(([address]) => address === pathname)) {
    event.respondWith(kept(request).then((answer) => answer || fetch(request)));
  }
});

/** The shell of this version, whatever the server has by now: page and scripts always fit together. */
function openShell(event) {
  const answer = kept(KEPT.shell);
  event.respondWith(answer.then((shell) => shell || fetch(event.request)));
  // A browser short of space may have thrown the cache away and kept the worker.
  event.waitUntil(answer.then((shell) => (shell ? sweep(0) : keepAll().catch(() => {}))));
}

/** From this version's cache, or from that of an earlier one, of which a page may still be open. */
async function kept(request) {
  try {
    const own = await caches.open(CACHE);
    // A version is in one language: that the words vary with it (Vary) is known.
    return (await own.match(request, { ignoreVary: true })) || (await caches.match(request, { ignoreVary: true }));
  } catch {
    return undefined; // no storage: the network is there all the same
  }
}

/** All or nothing: a page without its scripts would be worse than none. */
async function keepAll() {
  const answers = await Promise.all(KEPT.files.map(([address, integrity]) => fetchFile(address, integrity)));
  try {
    const cache = await caches.open(CACHE);
    await Promise.all(KEPT.files.map(([address], index) => cache.put(address, answers[index])));
  } catch (problem) {
    await caches.delete(CACHE);
    throw problem;
  }
}

/* The browser refuses what has not exactly the content that the server named: a captive portal's page, half a file,
   or a page in another language. Hence what the page has just loaded need not come over the network again. */
async function fetchFile(address, integrity) {
  const headers = { "Accept-Language": KEPT.language };
  const options = { integrity, headers, redirect: "error", credentials: "same-origin" };
  try {
    return await fetch(address, options);
  } catch {
    return fetch(address, { ...options, cache: "reload" });
  }
}

/** Delete the caches of other versions, unless more than `most` pages are open: they may want a part of theirs yet. */
async function sweep(most) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const pages = windows.filter((page) => new URL(page.url).pathname === KEPT.shell);
  if (pages.length > most) return;
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}
