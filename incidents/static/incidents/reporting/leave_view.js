/**
 * Signing out of a phone that others use too: the key goes with it, so first every unsent report is sent, saved as a file,
 * or removed.
 */
import { saveAsFile, savedWords } from "./carry_view.js";
import { wouldBeLost } from "./carrying.js";
import { confirmed } from "./confirm_view.js";
import { forgetPresence } from "./presence.js";
import { probe } from "./probe.js";
import { NoAnswer, exchange } from "./wire.js";

const TIMEOUT_MS = 10_000;

export class LeaveView {
  /**
   * `stores()` are all that hold reports now, `store` among them. `settle()` brings to `store` what stands in the form, and
   * says whether it could.
   */
  constructor(dialog, { store, stores, outbox, settle, signOutUrl, signInUrl, probeUrl, confirmDialog }) {
    Object.assign(this, { dialog, store, stores, outbox, settle, signOutUrl, signInUrl, probeUrl, confirmDialog });
    this.underWay = false;
    this.unsent = 0;
    const on = (action, work) => dialog.querySelector(`[data-action="${action}"]`).addEventListener("click", work);
    on("send-now", () => this.#sendNow());
    on("leave-export", () => this.#export());
    on("leave-remove", () => this.#removeAll());
    on("leave-now", () => this.#leave());
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("cancel", (event) => { if (this.underWay) event.preventDefault(); });
    store.addEventListener("changed", () => { if (dialog.open) this.#show(); });
  }

  /** Sign out where nothing would be lost, else ask. Nothing can be written behind the dialog. */
  async begin() {
    if (this.dialog.open) return;
    this.dialog.querySelector("[data-leave-unsent]").hidden = true;
    this.dialog.showModal();
    await this.#leave();
  }

  /** @returns {Promise<number>} how many would be lost */
  async #show() {
    this.unsent = (await this.#lost()).length;
    this.dialog.querySelector("[data-leave-words]").textContent = interpolate(
      gettext("还有 %s 件没有上报。"), [this.unsent],
    );
    this.dialog.querySelector("[data-leave-unsent]").hidden = this.unsent === 0;
    this.#allow();
    return this.unsent;
  }

  #allow() {
    for (const button of this.dialog.querySelectorAll("button")) button.disabled = this.underWay;
    this.dialog.querySelector('[data-action="leave-now"]').disabled = this.underWay || this.unsent > 0;
  }

  /** What would be lost, each with the store that holds it. */
  async #lost() {
    const lost = [];
    for (const store of this.stores()) for (const { key } of await wouldBeLost(store)) lost.push({ store, key });
    return lost;
  }

  async #sendNow() {
    const drafts = (await this.store.reports()).filter(({ state }) => state === "draft" || state === "needs_you");
    if (drafts.length) this.#say(gettext("草稿和需要您处理的不能自动发送:请先写完,或存为文件,或删除。"));
    else this.#say(gettext("正在发送…"));
    this.outbox.wake();
  }

  async #export() {
    let count = null;
    for (const store of this.stores()) {
      const saved = await saveAsFile(store);
      if (saved !== null) count += saved;
    }
    this.#say(savedWords(count));
  }

  async #removeAll() {
    const lost = await this.#lost();
    if (!(await confirmed(this.confirmDialog, gettext("没有上报的内容将全部删除,不能恢复。")))) return;
    for (const { store, key } of lost) await store.remove(key);
    this.#say(gettext("已删除。"));
  }

  async #leave() {
    if (this.underWay) return;
    this.underWay = true;
    this.#allow();
    this.#say(gettext("正在退出…"));
    let whyNot = "";
    try {
      whyNot = await this.#signOut();
    } finally {
      if (whyNot !== null) {
        this.underWay = false;
        this.#allow();
        this.#say(whyNot);
      }
    }
  }

  /** @returns {Promise<string|null>} why not, in words; null where this page is being left */
  async #signOut() {
    if (!(await this.settle())) return gettext("刚写的内容还没有存下,现在不能退出登录。");
    if (await this.#show()) return ""; // asked about in the dialog
    const whyNot = await whyStillIn(this.signOutUrl, this.probeUrl);
    if (whyNot !== null) return whyNot;
    // What another tab wrote meanwhile stays, and its key with it until somebody else opens this page.
    if (!(await this.#lost()).length) {
      forgetPresence(this.store.worker);
      await this.store.forget();
    }
    window.location.assign(this.signInUrl);
    return null;
  }

  #say(words) {
    this.dialog.querySelector("[data-leave-note]").textContent = words;
  }
}

/**
 * Sign out. Only our own server's word counts, which a probe brings: a portal answers in its place, and with a session that
 * lives on whoever is next would be this worker. @returns {Promise<string|null>} why somebody is signed in, null for nobody
 */
export async function whyStillIn(signOutUrl, probeUrl) {
  try {
    await exchange(signOutUrl, { method: "POST", timeoutMs: TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return gettext("没有网络,现在不能退出登录。");
  }
  const { reached, why, signedIn } = await probe(probeUrl, TIMEOUT_MS);
  if (reached) return signedIn ? gettext("服务器没有让您退出,请再试一次。") : null;
  return why === "server" ? gettext("服务器没有回答,现在不能退出登录。") : gettext("没有网络,现在不能退出登录。");
}
