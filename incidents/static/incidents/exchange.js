/**
 * How far the files are that are being made or read; the page is shown anew when one is done.
 */
const EVERY_MS = 1000;

for (const bar of document.querySelectorAll("[data-job]")) follow(bar);

async function follow(bar) {
  const answer = await fetch(bar.dataset.job, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok) {
    const { state, done, total } = await answer.json();
    bar.max = total || 1;
    bar.value = done;
    bar.parentElement.querySelector("[data-job-words]").textContent = `${done} / ${total ?? "?"}`;
    if (state === "done" || state === "failed") return location.reload();
  }
  setTimeout(() => follow(bar), EVERY_MS);
}
