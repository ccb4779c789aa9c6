/**
 * Signing out of a phone that others use too: the key goes with it, so first every unsent report is sent, saved as a file,
 * or removed.
 */
import { saveAsFile, savedWords } from "./carry_view.js";
import { wouldBeLost } from "./carrying.js";
import { confirmed } from "./confirm_view.js";
import { forgetPresence } from "./presence.js";
import { NoAnswer, exchange } from "./wire.js";

const TIMEOUT_MS = 10_000;

export class LeaveView {
  constructor(dialog, { store, outbox, signOutUrl, signInUrl, confirmDialog }) {
    Object.assign(this, { dialog, store, outbox, signOutUrl, signInUrl, confirmDialog });
    const on = (action, work) => dialog.querySelector(`[data-action="${action}"]`).addEventListener("click", work);
    on("send-now", () => this.#sendNow());
    on("leave-export", async () => this.#say(savedWords(await saveAsFile(store))));
    on("leave-remove", () => this.#removeAll());
    on("leave-now", () => this.#leave());
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    store.addEventListener("changed", () => { if (dialog.open) this.#show(); });
  }

  /** Sign out where nothing would be lost, else ask. */
  async begin() {
    if (!(await this.#show())) return this.#leave();
    this.#say("");
    if (!this.dialog.open) this.dialog.showModal();
    return undefined;
  }

  /** @returns {Promise<number>} how many would be lost */
  async #show() {
    const { length } = await wouldBeLost(this.store);
    this.dialog.querySelector("[data-leave-words]").textContent = interpolate(
      gettext("还有 %s 件没有上报。"), [length],
    );
    this.dialog.querySelector("[data-leave-unsent]").hidden = length === 0;
    this.dialog.querySelector('[data-action="leave-now"]').disabled = length > 0;
    return length;
  }

  async #sendNow() {
    const drafts = (await this.store.reports()).filter(({ state }) => state === "draft" || state === "needs_you");
    if (drafts.length) this.#say(gettext("草稿和需要您处理的不能自动发送:请先写完,或存为文件,或删除。"));
    else this.#say(gettext("正在发送…"));
    this.outbox.wake();
  }

  async #removeAll() {
    const lost = await wouldBeLost(this.store);
    if (!(await confirmed(this.confirmDialog, gettext("没有上报的内容将全部删除,不能恢复。")))) return;
    for (const { key } of lost) await this.store.remove(key);
    this.#say(gettext("已删除。"));
  }

  /** Without a network the session would live on, and whoever is next would be this worker. */
  async #leave() {
    if ((await wouldBeLost(this.store)).length) return;
    if (!(await signedOut(this.signOutUrl))) {
      this.#say(gettext("没有网络,现在不能退出登录。"));
      if (!this.dialog.open) this.dialog.showModal();
      return;
    }
    forgetPresence(this.store.worker);
    await this.store.forget();
    window.location.assign(this.signInUrl);
  }

  #say(words) {
    this.dialog.querySelector("[data-leave-note]").textContent = words;
  }
}

async function signedOut(url) {
  try {
    await exchange(url, { method: "POST", timeoutMs: TIMEOUT_MS });
    return true;
  } catch (error) {
    if (error instanceof NoAnswer) return false;
    throw error;
  }
}
