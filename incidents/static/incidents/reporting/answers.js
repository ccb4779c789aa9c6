/**
 * What an answer to a report means. Pure: an answer in, a verdict out.
 *
 * Verdicts: {kind: "receipt", json} the server has it; {kind: "again", afterMs?} nothing is decided, try later;
 * {kind: "probe"} something between us and the server answered, or the session changed: ask who is there first;
 * {kind: "needs_you", trouble} the server refuses what was written, sending it again would change nothing;
 * {kind: "too_large"} of a photo.
 */
const TRY_AGAIN = new Set([408, 425, 429]);

/** Of `POST disputes` and `POST disputes/…/supplements`: a receipt is for this key and no other. */
export function verdictOnReport(answer, key) {
  return verdict(answer, (json) => json.report_key === key && Boolean(json.case_number));
}

/** Of `PUT disputes/…/photos/…`. */
export function verdictOnPhoto(answer, photoKey) {
  if (answer.status === 413) return { kind: "too_large" };
  return verdict(answer, (json) => json.photo_key === photoKey);
}

function verdict({ status, json, isProblem, retryAfterMs }, isReceipt) {
  if (status === 200 || status === 201) return json && isReceipt(json) ? { kind: "receipt", json } : { kind: "probe" };
  if (status >= 500 || TRY_AGAIN.has(status)) return { kind: "again", afterMs: retryAfterMs };
  // Redirects, and pages of whoever stands in between.
  if (!isProblem) return status === 413 ? { kind: "needs_you", trouble: tooLarge() } : { kind: "probe" };
  if (status === 401 || json.code === "other_worker") return { kind: "probe" };
  return { kind: "needs_you", trouble: troubleOf(status, json) };
}

function troubleOf(status, problem) {
  const received = problem.code === "report_key_reused"
    ? { received: { case_number: problem.case_number, dispute_id: problem.dispute_id } } : {};
  return {
    code: problem.code, status, words_zh: problem.detail ?? "", words_en: problem.detail_en ?? "", errors: problem.errors ?? {}, ...received,
  };
}

/** A proxy's own limit, said without a word that one could show. */
function tooLarge() {
  return {
    code: "too_large", status: 413, errors: {},
    words_zh: "内容过大,服务器不接收。请缩短经过后再发送。", words_en: "Too large for the server: shorten the account and send it again.",
  };
}

/** Whether all that the server minded is a time ahead of its own, which a phone's wrong clock may have filled in. */
export function mindsOnlyTheClock({ errors }) {
  const fields = Object.keys(errors ?? {});
  return fields.length === 1 && fields[0] === "occurred_at" && [errors.occurred_at].flat().every(({ code }) => code === "in_future");
}
