/**
 * Signing in without leaving the page: what is written stays where it is.
 */
import { signIn } from "./worker.js";

/** `onSignedIn(worker)` is called with who it is now, once the dialog is closed. Gives a function that opens it. */
export function signInDialog(dialog, sessionUrl, onSignedIn) {
  const form = dialog.querySelector("form");
  const wrong = dialog.querySelector("[data-sign-in-error]");
  const button = form.querySelector("[type=submit]");
  const say = (words) => {
    wrong.textContent = words;
    wrong.hidden = !words;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { username, password } = form.elements;
    if (!username.value || !password.value) return say(gettext("请填写用户名和密码。"));
    button.disabled = true;
    const answer = await signIn(sessionUrl, username.value.trim(), password.value);
    button.disabled = false;
    if (!answer.ok) return say(whyNot(answer.problem));
    form.reset();
    dialog.close();
    return onSignedIn(answer.worker);
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  return () => {
    say("");
    if (!dialog.open) dialog.showModal();
  };
}

function whyNot(problem) {
  if (!problem) return gettext("连不上服务器,请检查网络。");
  if (problem.code === "not_signed_in") return gettext("用户名或密码不对。");
  const inEnglish = document.documentElement.lang.startsWith("en");
  return (inEnglish && problem.detail_en) || problem.detail || gettext("用户名或密码不对。");
}
