/**
 * While due times are worked out anew, the page's word about it is fetched again every two seconds.
 */
const EVERY_MS = 2000;

watch();

function watch() {
  if (document.querySelector("#recalculation[data-going]")) setTimeout(renew, EVERY_MS);
}

async function renew() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("recalculation");
    if (answer.ok && now) document.getElementById("recalculation").replaceWith(document.adoptNode(now));
  } catch {
    // Without a network for a moment: asked again.
  }
  watch();
}
