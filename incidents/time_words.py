"""How long ago and how long still, in one unit and the reader's language: "3 天前", "剩 2 小时"."""

from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# After this long a date says more than a number of days.
RECENT = timedelta(days=30)


def time_ago(then: datetime, now: datetime) -> str | None:
    """ "3 天前"; None when it is so long ago, or so far ahead, that the date should be shown."""
    passed = now - then
    if passed > RECENT or passed < -MINUTE:
        return None
    if passed >= DAY:
        return _days_ago(passed // DAY)
    if passed >= HOUR:
        n = passed // HOUR
        return ngettext("%(n)d 小时前", "%(n)d 小时前", n) % {"n": n}
    if passed < MINUTE:
        return gettext("刚刚")
    n = passed // MINUTE
    return ngettext("%(n)d 分钟前", "%(n)d 分钟前", n) % {"n": n}


def _days_ago(n: int) -> str:
    return ngettext("%(n)d 天前", "%(n)d 天前", n) % {"n": n}


def time_left(due: datetime, now: datetime) -> str:
    """ "剩 2 小时" before `due`, "超 1 天" after it; whole units, rounded towards zero."""
    return _left(due - now) if due >= now else _over(now - due)


def _left(span: timedelta) -> str:
    if span >= DAY:
        n = span // DAY
        return ngettext("剩 %(n)d 天", "剩 %(n)d 天", n) % {"n": n}
    if span >= HOUR:
        n = span // HOUR
        return ngettext("剩 %(n)d 小时", "剩 %(n)d 小时", n) % {"n": n}
    n = max(span // MINUTE, 1)
    return ngettext("剩 %(n)d 分钟", "剩 %(n)d 分钟", n) % {"n": n}


def _over(span: timedelta) -> str:
    if span >= DAY:
        n = span // DAY
        return ngettext("超 %(n)d 天", "超 %(n)d 天", n) % {"n": n}
    if span >= HOUR:
        n = span // HOUR
        return ngettext("超 %(n)d 小时", "超 %(n)d 小时", n) % {"n": n}
    n = max(span // MINUTE, 1)
    return ngettext("超 %(n)d 分钟", "超 %(n)d 分钟", n) % {"n": n}
