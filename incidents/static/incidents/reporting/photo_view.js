/**
 * The photos of the report in the form: taken or chosen, made small, kept at once, shown small with a way to take each out.
 */
import { newKey } from "./record.js";
import { LARGEST_SIDE, UnreadablePhoto, shrinkFurther, shrinkPhoto } from "./photos.js";
import { StorageFull } from "./store.js";

const MOST_PHOTOS = 6;

export class PhotoView {
  /** `draft` is the OpenDraft. `collect()` brings what is typed into its report. */
  constructor(field, draft, { collect }) {
    Object.assign(this, { draft, collect });
    this.list = field.querySelector("[data-photos]");
    this.note = field.querySelector("[data-photos-note]");
    this.inputs = [...field.querySelectorAll("input[type=file]")];
    this.shown = new Map(); // photo's key -> its line
    for (const input of this.inputs) {
      input.addEventListener("change", (event) => {
        event.stopPropagation();
        const files = [...input.files];
        input.value = ""; // the same photo may be chosen again
        this.#add(files);
      });
    }
    draft.addEventListener("opened", () => { this.note.textContent = ""; });
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
    for (const [index, photo] of photos.entries()) if (!this.shown.has(photo.key)) await this.#draw(reportKey, photo, index);
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
    remove.addEventListener("click", () => this.#remove(photo.key));
    line.append(picture, remove);
    this.list.append(line);
    const bytes = await this.draft.store.photoBytes(reportKey, photo.key);
    if (bytes && this.shown.get(photo.key) === line) picture.src = URL.createObjectURL(new Blob([bytes], { type: photo.type }));
  }

  async #add(files) {
    const room = MOST_PHOTOS - this.draft.report.photos.length;
    const words = files.length > room ? [interpolate(gettext("最多 %s 张,多出的没有加入。"), [MOST_PHOTOS])] : [];
    this.collect();
    for (const file of files.slice(0, room)) {
      this.note.textContent = gettext("正在缩小照片…");
      try {
        const side = await this.#keep(file);
        if (side < LARGEST_SIDE) words.push(gettext("存储空间不多,照片已缩得更小。"));
      } catch (error) {
        if (error instanceof UnreadablePhoto) words.push(interpolate(gettext("“%s”不是浏览器能读的照片(例如 HEIC)。请换成 JPEG,或直接拍照。"), [file.name]));
        else if (error instanceof StorageFull) words.push(gettext("手机存储空间不足,这张照片没有加入。请先删除一些照片或应用。"));
        else throw error;
      }
      await this.show();
    }
    this.note.textContent = [...new Set(words)].join(" ");
  }

  /** Where the phone is full, a smaller one may still fit. @returns the longer side's limit at which it was kept */
  async #keep(file) {
    let photo = { key: newKey(), ...(await shrinkPhoto(file)) };
    let limit = LARGEST_SIDE;
    for (;;) {
      try {
        await this.draft.withReport((report) => this.draft.store.addPhoto(report, photo));
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

  async #remove(photoKey) {
    this.collect();
    await this.draft.withReport((report) => this.draft.store.removePhoto(report, photoKey));
    await this.show();
    this.inputs.at(-1).focus();
  }
}
