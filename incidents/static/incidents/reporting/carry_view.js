/**
 * Unsent reports as a file and back, in words.
 */
import { FileOfAnother, NotOurFile, exportReports, importReports, noteExported } from "./carrying.js";
import { StorageFull } from "./store.js";

/**
 * Save the unsent reports of `store` as a file: all, or those in `keys`.
 * @returns {Promise<number|null>} how many; null where the browser has no encryption, as on plain http
 */
export async function saveAsFile(store, keys = null) {
  if (!store.key) return null;
  const { blob, exported } = await exportReports(store, keys);
  const count = exported.length;
  if (!count) return 0;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  const today = new Date();
  link.download = `gridgov-${[today.getFullYear(), today.getMonth() + 1, today.getDate()].map((part) => String(part).padStart(2, "0")).join("")}-${count}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  await noteExported(store, exported);
  return count;
}

/** Words for what saving did. */
export function savedWords(count) {
  if (count === null) return noSealing();
  return count ? interpolate(gettext("已把 %s 件存为文件。"), [count]) : gettext("没有要存的:都已上报。");
}

/** Read `file` into `store`. @returns {Promise<string>} what to say of it */
export async function readFile(store, file) {
  if (!store.key) return noSealing();
  try {
    const { added, known } = await importReports(store, await file.text());
    const words = [interpolate(gettext("已读入 %s 件。"), [added])];
    if (known) words.push(interpolate(gettext("%s 件本机已有。"), [known]));
    return words.join(" ");
  } catch (error) {
    if (error instanceof NotOurFile) return gettext("这不是本页存出的文件,或文件不完整。");
    if (error instanceof FileOfAnother) return gettext("这是另一个账号存出的文件,请用原来的账号登录后读入。");
    if (error instanceof StorageFull) return gettext("手机存储空间不足,没有全部读入。请删除一些照片或应用后再读入一次,不会重复。");
    throw error;
  }
}

function noSealing() {
  return gettext("这个浏览器不能加密,不能存为文件或读入文件。请保持页面打开,直到全部发出。");
}
