/**
 * Asking our own server: JSON in and out, the CSRF token sent along, and every way to fail told apart, so that
 * a page can say what happened and what to do.
 */

/** The server answered with an error. `problem` is its problem document (RFC 9457), {} where it sent none. */
export class RequestRefused extends Error {
  constructor(status, problem) {
    super(refusalWords(status, problem));
    this.name = "RequestRefused";
    this.status = status;
    this.problem = problem;
  }

  /** Nobody is signed in any more (a session ends, or another tab signed out). */
  get signedOut() {
    return this.status === 401;
  }
}

/** No answer at all: the network, or the server is gone. Trying again later may help. */
export class ServerUnreachable extends Error {
  constructor() {
    super(gettext("连不上服务器,请检查网络。"));
    this.name = "ServerUnreachable";
  }
}

/**
 * JSON that `url` answers.
 * @param {object} options `method`, `body` (sent as JSON), `headers`, `signal` (to give up)
 * @throws {RequestRefused | ServerUnreachable | DOMException} the last is an AbortError from `signal`
 */
export async function fetchJson(url, { method = "GET", body, headers = {}, signal } = {}) {
  const response = await reach(url, {
    method, signal,
    headers: {
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(method === "GET" ? {} : { "X-CSRFToken": csrfToken() }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
  });
  const answer = await readJson(response);
  if (!response.ok || answer === null) throw new RequestRefused(response.status, answer ?? {});
  return answer;
}

/** What `promise` gives, or null where the server refused or was not reached: for what a page can do without. */
export async function orNothing(promise) {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof RequestRefused || error instanceof ServerUnreachable || error.name === "AbortError") return null;
    throw error;
  }
}

async function reach(url, request) {
  try {
    return await fetch(url, request);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServerUnreachable();
  }
}

/** What the body says, null where it is not JSON (a proxy's page, a sign-in page). */
async function readJson(response) {
  if (!/json/.test(response.headers.get("Content-Type") ?? "")) return null;
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw new ServerUnreachable();
  }
}

function csrfToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

function refusalWords(status, problem) {
  if (status === 401) return gettext("登录已失效,请重新登录。");
  const inEnglish = document.documentElement.lang.startsWith("en");
  const said = (inEnglish && problem.detail_en) || problem.detail;
  return said || interpolate(gettext("服务器没能完成(%s),请稍后再试。"), [status]);
}
