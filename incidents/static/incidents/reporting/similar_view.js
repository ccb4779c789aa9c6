/**
 * Open disputes like the one that is about to be reported: near, of the same kind, of these weeks. The server's answer
 * where it comes soon, else by the same rule from what lies on the phone.
 */
import { toWgs84 } from "../../grids/datum.js";
import { similarNearby } from "./similar.js";
import { NoAnswer, exchange } from "./wire.js";

const WAIT_MS = 3000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Similar ones, nearest first: [{id, case_number, title, category, reported_at, distance_m}]. */
export async function findSimilar(report, { url, online, reference }) {
  const answer = online ? await askServer(report, url) : null;
  if (answer || !reference) return answer ?? [];
  const { place, fields } = report;
  return similarNearby(reference, { lonLat: toWgs84([place.lon, place.lat], place.datum), category: fields.category, now: Date.now() });
}

/**
 * Show them and let the worker decide. @returns {Promise<{choice: "none"|"back"} | {choice: "add", dispute}>} "none": it
 * is not one of them
 */
export function askAboutSimilar(dialog, found, nameOfCategory) {
  return new Promise((resolve) => {
    let answer = { choice: "back" };
    const decide = (given) => {
      answer = given;
      dialog.close();
    };
    dialog.querySelector("[data-similar]").replaceChildren(...found.map((dispute) => line(dispute, nameOfCategory, () => decide({ choice: "add", dispute }))));
    dialog.querySelector("[data-action='not-similar']").onclick = () => decide({ choice: "none" });
    dialog.querySelector("[data-close]").onclick = () => dialog.close();
    dialog.addEventListener("close", () => resolve(answer), { once: true });
    dialog.showModal();
  });
}

async function askServer({ place, fields }, url) {
  const query = new URLSearchParams({ lon: place.lon, lat: place.lat, datum: place.datum, category: fields.category });
  try {
    const { status, json } = await exchange(`${url}?${query}`, { timeoutMs: WAIT_MS });
    return status === 200 && Array.isArray(json?.disputes) ? json.disputes : null;
  } catch (error) {
    if (error instanceof NoAnswer) return null;
    throw error;
  }
}

function line({ title, category, case_number: number, reported_at: at, distance_m: metres }, nameOfCategory, add) {
  const item = document.createElement("li");
  const heading = Object.assign(document.createElement("p"), { className: "similar-title", textContent: title });
  const days = Math.max(0, Math.floor((Date.now() - new Date(at)) / DAY_MS));
  const when = days === 0 ? gettext("今天") : interpolate(gettext("%s 天前"), [days]);
  const away = interpolate(gettext("约 %s 米"), [Math.round(metres)]);
  const facts = Object.assign(document.createElement("p"), { className: "form-text", textContent: [nameOfCategory(category), away, when, number].join(" · ") });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-outline-primary", textContent: gettext("补充到这一件") });
  button.dataset.action = "supplement";
  button.setAttribute("aria-label", `${button.textContent}: ${title}`);
  button.addEventListener("click", add);
  item.append(heading, facts, button);
  return item;
}
