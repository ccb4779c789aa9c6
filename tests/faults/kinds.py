"""What a bad network, or something on the way, does to one request."""

import json
from dataclasses import dataclass

# Faults in which the server never sees the request.
REFUSED = "refused"  # the connection is reset at once
UNHEARD = "unheard"  # taken and never answered
# Faults in which the server has done what it was asked.
LOST = "lost"  # the answer is thrown away, the connection reset
SILENT = "silent"  # the answer is thrown away, the connection stays open
LATE = "late"  # the answer comes after `after_s` seconds
CUT = "cut"  # half of the answer, then a reset
# Something on the way answers in the server's place.
ANSWER = "answer"
# Nothing wrong.
PASS = "pass"

PORTAL_PAGE = (
    "<!doctype html><html lang=zh-hans><title>欢迎使用免费无线网络</title>"
    "<form action=/portal-login><input name=phone><button>一键上网</button></form></html>"
)


@dataclass(frozen=True)
class Fault:
    """One way to fail. `name` is what the log and the summaries call it."""

    name: str
    kind: str
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    after_s: float = 0.0


def problem(status: int, code: str, *, retry_after_s: int | None = None, **members) -> Fault:
    """The answer that GridGov itself would give (RFC 9457), made on the way."""
    body = {"type": f"/problems/{code}", "code": code, "title": code, "status": status, "detail": code}
    body |= members
    headers = (("Content-Type", "application/problem+json"),)
    if retry_after_s is not None:
        headers += (("Retry-After", str(retry_after_s)),)
    return Fault(f"{status} {code}", ANSWER, status, headers, json.dumps(body))


def bare(status: int, *, retry_after_s: int | None = None) -> Fault:
    """What a proxy or a firewall says, in HTML."""
    headers = (("Content-Type", "text/html"),)
    if retry_after_s is not None:
        headers += (("Retry-After", str(retry_after_s)),)
    return Fault(f"bare {status}", ANSWER, status, headers, f"<html><h1>{status}</h1></html>")


def late(after_s: float) -> Fault:
    return Fault("answer late", LATE, after_s=after_s)


pass_on = Fault("pass", PASS)
refused = Fault("refused", REFUSED)
unheard = Fault("unheard", UNHEARD)
lost_answer = Fault("answer lost", LOST)
silent_answer = Fault("answer withheld", SILENT)
cut_answer = Fault("answer cut", CUT)
portal = Fault("portal", ANSWER, 200, (("Content-Type", "text/html; charset=utf-8"),), PORTAL_PAGE)
portal_redirect = Fault("portal 302", ANSWER, 302, (("Location", "/portal-login"),))
wrong_json = Fault("wrong JSON", ANSWER, 200, (("Content-Type", "application/json"),), '{"ok": true}')
# A cache or a confused gateway gives somebody else's receipt.
other_receipt = Fault(
    "receipt of another", ANSWER, 201, (("Content-Type", "application/json"),),
    json.dumps({
        "id": "00000000-0000-4000-8000-000000000000", "case_number": "XX-0000-000000",
        "report_key": "00000000-0000-4000-8000-000000000000", "photos": {"expected": 0, "received": 0},
    }),
)  # fmt: skip
