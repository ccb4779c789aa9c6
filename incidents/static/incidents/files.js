/**
 * Sending files one after the other, with how far each has come. Without this the form sends them together.
 */
const form = document.querySelector("[data-file-form]");
const input = form.querySelector("input[type=file]");
const list = form.querySelector("[data-file-progress]");
const button = form.querySelector("button");
const limitMb = Number(form.dataset.limitMb);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  sendAll([...input.files]);
});
form.addEventListener("dragover", (event) => {
  event.preventDefault();
  form.classList.add("is-over");
});
form.addEventListener("dragleave", () => form.classList.remove("is-over"));
form.addEventListener("drop", (event) => {
  event.preventDefault();
  form.classList.remove("is-over");
  sendAll([...event.dataTransfer.files]);
});

async function sendAll(files) {
  if (!files.length || button.disabled) return;
  button.disabled = true;
  list.replaceChildren();
  let refused = 0;
  for (const file of files) refused += (await sendOne(file, addLine(file.name))) ? 0 : 1;
  button.disabled = false;
  // What was refused stays readable; else the page is shown with the new files.
  if (refused === 0) window.location.reload();
  else if (refused < files.length) addLink();
}

async function sendOne(file, line) {
  // Said before a minute of sending, not after.
  if (file.size > limitMb * 1024 * 1024) {
    const words = interpolate(gettext("超过 %(limit)s MB,请压缩或拆分后再上传。"), { limit: limitMb }, true);
    return line.refuse(words);
  }
  const { status, answer } = await post(file, line.show);
  if (status === 200) return line.done(gettext("已经有了,是同一份"));
  if (status === 201) return line.done(gettext("已添加"));
  if (status === 401) return line.refuse(gettext("登录已失效,请重新登录后再上传。"));
  const english = document.documentElement.lang.startsWith("en");
  return line.refuse((english ? answer.detail_en : answer.detail) ?? gettext("连不上服务器,请检查网络。"));
}

/** XMLHttpRequest, since fetch does not tell how much was sent. */
function post(file, show) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.api);
    request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => show(event.loaded / event.total));
    request.addEventListener("loadend", () => resolve({ status: request.status, answer: readJson(request.responseText) }));
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function addLine(name) {
  const line = document.createElement("li");
  const title = document.createElement("span");
  title.className = "file-name";
  title.textContent = name;
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", name);
  const words = document.createElement("span");
  line.append(title, bar, words);
  list.append(line);
  const end = (text, css) => {
    bar.remove();
    words.textContent = ` ${text}`;
    words.className = css;
  };
  return {
    show: (share) => { bar.value = share; },
    done: (text) => { end(text, ""); return true; },
    refuse: (text) => { end(text, "field-error"); return false; },
  };
}

function addLink() {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = window.location.href;
  link.textContent = gettext("显示已添加的材料");
  line.append(link);
  list.append(line);
}
