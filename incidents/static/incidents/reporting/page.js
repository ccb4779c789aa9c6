/**
 * The report page: who is at this phone, then the form, the list and the sending of what they write.
 */
import { ReportDesk } from "./desk.js";
import { whyStillIn } from "./leave_view.js";
import { forgetPresence } from "./presence.js";
import { signInDialog } from "./sign_in_view.js";
import { banner, showConnection } from "./status_view.js";
import { openShelf } from "./store.js";
import { cookie } from "./wire.js";
import { NobodyHere, whoIsHere } from "./worker.js";

const form = document.getElementById("report");
const LOOK_AGAIN_MS = 5000;
const { workerUrl, sessionUrl, signInUrl, signOutUrl, probeUrl } = form.dataset;

let desk = null;
let lookAgain = () => {};
const openSignIn = signInDialog(document.querySelector("[data-dialog='sign-in']"), sessionUrl, (worker) => {
  if (desk) desk.signedIn(worker);
  else lookAgain();
});
for (const button of document.querySelectorAll("[data-action='sign-in']")) button.addEventListener("click", openSignIn);
document.querySelector("[data-language-form]").addEventListener("submit", ({ target }) => {
  target.elements.csrfmiddlewaretoken.value = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
});
closeMenuOutside(document.querySelector(".report-menu"));
begin();

/** Words instead of a page that looks at the network for ever. What is kept stays as it is. */
async function begin() {
  try {
    await openDesk();
  } catch (error) {
    if (form.dataset.ready === undefined) tellBroken();
    throw error; // for the browser's own log
  }
}

function tellBroken() {
  document.querySelector("[data-connection]").hidden = true;
  banner("message", true, gettext("本页没能打开。已写的内容还在本机,请不要清除浏览器数据。请重新打开本页;如果还是这样,请联系管理员。"));
}

async function openDesk() {
  const shelf = await openShelf();
  const { store, facts } = await whoeverIsHere(shelf);
  desk = new ReportDesk(form, store, facts);
  await desk.open();
  if (new URLSearchParams(window.location.search).has("leave")) desk.leave();
}

/** Settles once somebody's reports can be opened. */
async function whoeverIsHere(shelf) {
  for (;;) {
    try {
      const found = await whoIsHere({ shelf, workerUrl });
      tellWhyNot(null);
      return found;
    } catch (error) {
      if (!(error instanceof NobodyHere)) throw error;
      if (new URLSearchParams(window.location.search).has("leave")) await leaveWithoutKey(error.why);
      tellWhyNot(error.why);
      await anotherTry();
    }
  }
}

/** Who wants to leave and has no key here has nothing to lose: also somebody without a duty today. */
async function leaveWithoutKey(why) {
  if (why === "offline") return;
  const worker = cookie("gridgov_worker"); // gone with the session
  if (why === "not_allowed" && (await whyStillIn(signOutUrl, probeUrl)) !== null) return;
  forgetPresence(worker);
  window.location.assign(signInUrl);
}

function tellWhyNot(why) {
  banner("nobody", why === "signed_out");
  banner("no_key", why === "offline");
  banner("not_allowed", why === "not_allowed");
  showConnection({ signed_out: "online", offline: "offline", not_allowed: "online" }[why] ?? "unknown");
}

function anotherTry() {
  return new Promise((resolve) => {
    lookAgain = resolve;
    window.addEventListener("online", resolve, { once: true });
    setTimeout(resolve, LOOK_AGAIN_MS);
  });
}

function closeMenuOutside(menu) {
  document.addEventListener("click", ({ target }) => { if (!menu.contains(target)) menu.open = false; });
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
