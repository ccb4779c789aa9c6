/**
 * How a report stands, in words with an icon: colour alone says nothing in the sun, or to some eyes.
 */
const STATES = {
  draft: { icon: "bi-pencil-square", words: () => gettext("草稿,没有写完") },
  waiting: { icon: "bi-clock", words: () => gettext("等待发送") },
  sending: { icon: "bi-arrow-up-circle", words: () => gettext("正在发送") },
  sent: { icon: "bi-check-circle-fill", words: () => gettext("已上报") },
  needs_you: { icon: "bi-exclamation-triangle-fill", words: () => gettext("需要您处理") },
};
const CONNECTIONS = {
  unknown: { icon: "bi-arrow-repeat", words: () => gettext("正在检查网络…") },
  online: { icon: "bi-wifi", words: () => gettext("网络正常") },
  offline: { icon: "bi-wifi-off", words: () => gettext("没有网络") },
  portal: { icon: "bi-wifi-off", words: () => gettext("网络要先登录") },
  server: { icon: "bi-exclamation-triangle-fill", words: () => gettext("服务器忙") },
  signed_out: { icon: "bi-person", words: () => gettext("请重新登录") },
  other_worker: { icon: "bi-person", words: () => gettext("账号不同") },
  not_allowed: { icon: "bi-person", words: () => gettext("不能上报") },
};

/** {icon, words} of "draft", "waiting", "sending", "sent", "needs_you". */
export function stateWords(state) {
  return said(STATES[state]);
}

/** {icon, words} of the outbox's `connection`. */
export function connectionWords(connection) {
  return said(CONNECTIONS[connection] ?? CONNECTIONS.unknown);
}

/** What the server minded, in the page's language. */
export function troubleWords({ words_zh: chinese, words_en: english, status, received }) {
  if (received) {
    return interpolate(gettext("这份上报的前一版已经送达,案号 %s。之后改动的内容没有送出:可补充到该案;是另一件事,就作为新的上报。"), [received.case_number]);
  }
  const inEnglish = document.documentElement.lang.startsWith("en");
  return (inEnglish && english) || chinese || interpolate(gettext("服务器没能完成(%s),请稍后再试。"), [status]);
}

function said({ icon, words }) {
  return { icon, words: words() };
}
