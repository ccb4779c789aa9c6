/** Asking once more, in the page: a browser may have been told to show no more dialogs of its own. */
export function confirmed(dialog, words) {
  return new Promise((resolve) => {
    let sure = false;
    dialog.querySelector("[data-confirm-words]").textContent = words;
    dialog.querySelector("[data-action='confirm']").onclick = () => {
      sure = true;
      dialog.close();
    };
    dialog.querySelector("[data-close]").onclick = () => dialog.close();
    dialog.addEventListener("close", () => resolve(sure), { once: true });
    dialog.showModal();
  });
}
