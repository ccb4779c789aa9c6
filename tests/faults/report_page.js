/* What a worker's hand does on /report, by its documented hooks. Put before each script of report_page.py. */
const STEP_MS = 15;

const form = () => document.querySelector("form#report");
const cards = () => [...document.querySelectorAll("[data-report]")];
const cardOf = (title) => cards().find((card) => card.querySelector("[data-title]")?.textContent === title);
const visible = (element) => Boolean(element && element.offsetParent !== null && !element.hidden);

async function until(what, look, timeoutMs = 12000) {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`not seen: ${what}. ${JSON.stringify(whatIsSeen())}`);
    await new Promise((resolve) => { setTimeout(resolve, STEP_MS); });
  }
}

function whatIsSeen() {
  return {
    connection: document.querySelector("[data-connection]")?.dataset.connection,
    unsent: document.querySelector("[data-unsent]")?.dataset.unsent,
    reports: cards().slice(0, 5).map((card) => [
      card.querySelector("[data-title]")?.textContent, card.dataset.state, card.querySelector("[data-trouble]")?.textContent,
    ]),
    unit: document.querySelector("[data-unit]")?.textContent,
    banners: [...document.querySelectorAll("[data-banner]")].filter(visible).map((each) => each.dataset.banner),
    dialogs: [...document.querySelectorAll("dialog[open]")].map((each) => each.dataset.dialog),
    errors: [...document.querySelectorAll("[data-error-for]")].filter(visible).map((each) => `${each.dataset.errorFor}: ${each.textContent}`),
    failure: [...document.querySelectorAll("[data-failure]")].filter(visible).map((each) => each.textContent),
    title: form()?.elements.title?.value,
    url: location.href,
  };
}

function type(name, value) {
  const fields = [...form().querySelectorAll(`[name="${name}"]`)];
  const field = fields[0].type === "radio" ? fields.find((each) => each.value === value) : fields[0];
  if (field.type === "radio") field.checked = true;
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** A picture that no JPEG makes small. */
async function noise(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let index = 0; index < image.data.length; index += 1) image.data[index] = index % 4 === 3 ? 255 : Math.random() * 256;
  context.putImageData(image, 0, 0);
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.9); });
  return new File([blob], "noise.jpg", { type: "image/jpeg" });
}

/** A picture that differs from all others with another seed: patches of colour, so that it is like itself when it is smaller. */
async function picture(seed, width = 640, height = 480) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  for (let patch = 0; patch < 4; patch += 1) {
    context.fillStyle = patchColour(seed, patch);
    context.fillRect((patch % 2) * (width / 2), Math.floor(patch / 2) * (height / 2), width / 2, height / 2);
  }
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.9); });
  return new File([blob], `photo-${seed}.jpg`, { type: "image/jpeg" });
}

// The same in test_faults.py and soak: what was drawn is what must have arrived.
function patchColour(seed, patch) {
  const part = (shift) => 32 * (((seed * 7 + patch * 3) >> shift) & 7);
  return `rgb(${part(0)}, ${part(1)}, ${part(2)})`;
}

function choose(file) {
  const chosen = new DataTransfer();
  chosen.items.add(file);
  const input = form().querySelector("input[type=file][name=photos]");
  input.files = chosen.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

async function addPhotos(seeds, width, height) {
  for (const seed of seeds) {
    const before = form().querySelectorAll("[data-photos] li").length;
    choose(await picture(seed, width, height));
    await until("photo taken", () => form().querySelectorAll("[data-photos] li").length > before);
  }
}

async function write({ photos = [], photo_size: size = [640, 480], ...fields }) {
  await until("form ready", () => form()?.dataset.ready !== undefined);
  for (const [name, value] of Object.entries(fields)) type(name, value);
  await addPhotos(photos, ...size);
}

/** Tap on send, say that it is none of the similar ones, and wait until the report is off the form. */
async function send() {
  const title = form().elements.title.value;
  const button = form().querySelector("[data-action=send]");
  await until("the report before handed over", () => !button.disabled);
  button.click();
  await until("sent off", () => {
    const similar = document.querySelector("[data-dialog=similar][open] [data-action=not-similar]");
    if (similar) similar.click();
    return form().elements.title.value !== title;
  });
}

/**
 * Reports in this browser, also those that the list does not show: [{key, state, version}]. Their words are sealed. Those
 * with the keys `besides` are not read: there may be thousands.
 */
async function kept(besides = new Set()) {
  const opening = indexedDB.open("gridgov-reports");
  const database = await settled(opening);
  const table = database.transaction("reports").objectStore("reports");
  const keys = (await settled(table.getAllKeys())).filter((key) => !besides.has(key));
  const rows = await Promise.all(keys.map((key) => settled(table.get(key))));
  database.close();
  return rows.map(({ key, state, version }) => ({ key, state, version }));
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
