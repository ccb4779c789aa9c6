/**
 * The photos of the report in the form: taken or chosen, made small, kept at once, shown small with a way to take each out.
 */
import { newKey } from "./record.js";
import { LARGEST_SIDE, UnreadablePhoto, shrinkFurther, shrinkPhoto } from "./photos.js";
import { ChangedElsewhere, StorageFull } from "./store.js";

const MOST_PHOTOS = 6;

/** The report for which the photo was chosen is not in the form any more. */
class AnotherReport extends Error {}

export class PhotoView {
  /** `draft` is the OpenDraft. `collect()` brings what is typed into its report. */
  constructor(field, draft, { collect }) {
    Object.assign(this, { draft, collect });
    this.list = field.querySelector("[data-photos]");
    this.note = field.querySelector("[data-photos-note]");
    this.inputs = [...field.querySelectorAll("input[type=file]")];
    this.shown = new Map(); // photo's key -> its line
    this.tail = Promise.resolve(); // one choice of photos after the other
    for (const input of this.inputs) {
      input.addEventListener("change", (event) => {
        event.stopPropagation();
        const files = [...input.files];
        const reportKey = this.draft.report.key;
        input.value = ""; // the same photo may be chosen again
        this.#inTurn(() => this.#add(files, reportKey));
      });
    }
    draft.addEventListener("opened", () => { this.note.textContent = ""; });
  }

  /** Settles when all photos chosen so far are kept: until then their report must stay in the form. */
  async idle() {
    for (let tail = null; tail !== this.tail;) {
      tail = this.tail;
      await tail;
    }
  }

  /** Lines for the photos of the draft's report as it is now. */
  async show() {
    const { key: reportKey, photos } = this.draft.report;
    const wanted = new Set(photos.map(({ key }) => key));
    for (const [key, line] of this.shown) {
      if (wanted.has(key)) continue;
      URL.revokeObjectURL(line.querySelector("img").src);
      line.remove();
      this.shown.delete(key);
    }
    for (const [index, photo] of photos.entries()) {
      if (!this.shown.has(photo.key)) await this.#draw(reportKey, photo, index);
      if (this.draft.report.key !== reportKey) return; // another was opened meanwhile, and is shown by now
    }
    this.inputs.forEach((input) => { input.disabled = photos.length >= MOST_PHOTOS; });
  }

  async #draw(reportKey, photo, index) {
    const line = document.createElement("li");
    this.shown.set(photo.key, line);
    const picture = document.createElement("img");
    Object.assign(picture, { width: 88, height: 88, alt: interpolate(gettext("照片 %s"), [index + 1]) });
    const remove = document.createElement("button");
    Object.assign(remove, { type: "button", className: "photo-remove" });
    remove.setAttribute("aria-label", interpolate(gettext("删除照片 %s"), [index + 1]));
    const icon = Object.assign(document.createElement("i"), { className: "bi bi-x-lg" });
    icon.setAttribute("aria-hidden", "true");
    remove.append(icon);
    remove.addEventListener("click", () => this.#inTurn(() => this.#remove(photo.key, reportKey)));
    line.append(picture, remove);
    this.list.append(line);
    const bytes = await this.draft.store.photoBytes(reportKey, photo.key);
    if (bytes && this.shown.get(photo.key) === line) picture.src = URL.createObjectURL(new Blob([bytes], { type: photo.type }));
  }

  #inTurn(work) {
    const turn = this.tail.then(work);
    this.tail = turn.catch(() => {});
    return turn;
  }

  async #add(files, reportKey) {
    const room = MOST_PHOTOS - this.draft.report.photos.length;
    const words = files.length > room ? [interpolate(gettext("最多 %s 张,多出的没有加入。"), [MOST_PHOTOS])] : [];
    this.collect();
    for (const file of files.slice(0, room)) {
      this.note.textContent = gettext("正在缩小照片…");
      try {
        const side = await this.#keep(file, reportKey);
        if (side < LARGEST_SIDE) words.push(gettext("存储空间不多,照片已缩得更小。"));
      } catch (error) {
        words.push(this.#whyNot(error, file.name));
      }
      await this.show();
    }
    this.note.textContent = [...new Set(words)].join(" ");
  }

  /** @throws `error` where it is none of those that a worker can do something about */
  #whyNot(error, name) {
    if (error instanceof UnreadablePhoto) return interpolate(gettext("“%s”不是浏览器能读的照片(例如 HEIC)。请换成 JPEG,或直接拍照。"), [name]);
    if (error instanceof StorageFull) return gettext("手机存储空间不足,这张照片没有加入。请先删除一些照片或应用。");
    if (error instanceof ChangedElsewhere) this.draft.settle(error.current);
    else if (!(error instanceof AnotherReport)) throw error;
    return gettext("这一件已在别处处理或删除,照片没有加入。");
  }

  /** Where the phone is full, a smaller one may still fit. @throws {AnotherReport} @returns the longer side's limit at which it was kept */
  async #keep(file, reportKey) {
    let photo = { key: newKey(), ...(await shrinkPhoto(file)) };
    let limit = LARGEST_SIDE;
    for (;;) {
      try {
        await this.draft.withReport((report) => {
          if (report.key !== reportKey) throw new AnotherReport();
          return this.draft.store.addPhoto(report, photo);
        });
        return limit;
      } catch (error) {
        if (!(error instanceof StorageFull)) throw error;
        const smaller = await shrinkFurther(photo.bytes, photo);
        if (!smaller) throw error;
        photo = { key: photo.key, ...smaller };
        limit = Math.max(photo.width, photo.height);
      }
    }
  }

  async #remove(photoKey, reportKey) {
    if (this.draft.report.key !== reportKey) return;
    this.collect();
    try {
      await this.draft.withReport((report) => this.draft.store.removePhoto(report, photoKey));
    } catch (error) {
      if (!(error instanceof ChangedElsewhere)) throw error;
      this.draft.settle(error.current);
    }
    await this.show();
    this.inputs.at(-1).focus();
  }
}
