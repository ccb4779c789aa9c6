"""Escalate what is overdue by hand. The worker does the same every minute."""

from datetime import datetime

from django.utils import timezone

from grids.management.json_command import JsonCommand
from grids.management.progress import track
from incidents.errors import TimeInvalid
from incidents.filters import EARLIEST, LATEST
from incidents.services import EscalationRun, escalate_overdue
from incidents.services.referrals import lapse_referrals


class Command(JsonCommand):
    help = "把超时的纠纷上报上一级 / Send overdue disputes one level up"

    def add_options(self, parser):
        parser.add_argument(
            "--now",
            metavar="ISO",
            help="以此时刻为准,不带时区时为北京时间 / as of this time; Asia/Shanghai when without an offset",
        )

    def run(self, *, now=None, **options):
        at = parse_time(now) if now else None
        lapse_referrals(now=at)
        return as_json(escalate_overdue(now=at, progress=lambda ids: track(ids, len(ids), "escalate")))

    def describe(self, result):
        lines = [
            f"{done['case_number']}: {done['from']} -> {done['to']} ({done['reason']})"
            for done in result["escalated"]
        ]
        up = len(lines)
        counts = f"{result['checked']} 件超时可上报,{up} 件上报上一级。"
        lines += [f"{dispute_id}: 失败,见日志 / failed, see the log" for dispute_id in result["failed"]]
        return "\n".join([*lines, f"{counts} / {result['checked']} overdue that can go up, {up} escalated."])


def parse_time(text: str) -> datetime:
    """An ISO 8601 time. Raises TimeInvalid."""
    try:
        time = datetime.fromisoformat(text)
        time = time if time.tzinfo else timezone.make_aware(time)
        if not EARLIEST <= time.date() < LATEST:
            raise ValueError
        return time
    except (ValueError, OverflowError) as error:
        raise TimeInvalid(text=text) from error


def as_json(run: EscalationRun) -> dict:
    """`run` as JSON: how many could go up, what went up from where to where and why, ids that failed."""
    return {
        "checked": run.checked,
        "escalated": [
            {
                "case_number": done.case_number,
                "from": done.from_level.value,
                "to": done.to_level.value,
                "reason": done.reason,
            }
            for done in run.escalated
        ],
        "failed": [str(dispute_id) for dispute_id in run.failed],
    }
