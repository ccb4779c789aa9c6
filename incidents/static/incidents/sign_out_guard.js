/**
 * Signing out of a phone on which reports were written: the report page knows whether any is unsent, and takes the key away.
 */
document.querySelector("[data-sign-out]")?.addEventListener("submit", (event) => {
  const worker = document.cookie.match(/(?:^|; )gridgov_worker=([^;]*)/)?.[1];
  if (!worker || !isPresent(worker)) return;
  event.preventDefault();
  window.location.assign(event.target.dataset.signOut);
});

function isPresent(worker) {
  try {
    return window.localStorage.getItem(`gridgov-reports-${worker}`) !== null;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}
