"""Last year's disputes, read for trying out a policy on them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models.fields.json import KT

from grids.hierarchy import Level, level_of
from incidents.models import Dispute, DisputeEvent
from incidents.what_if import Run, Start, Step, runs_of
from incidents.workflow import State

LOOKED_BACK = timedelta(days=365)
# More say little more and take longer than a page may.
LARGEST_SAMPLE = 8000
_STATES = {state.value: state for state in State}
_LEVELS = {level.value: level for level in Level}


@dataclass(frozen=True)
class TrialHistory:
    """`cases` disputes of `all_cases` reported in the last year, as runs."""

    starts: list[Start]
    runs: list[Run]
    all_cases: int

    @property
    def cases(self) -> int:
        return len(self.starts)

    @property
    def share_percent(self) -> int:
        return round(100 * self.cases / self.all_cases) if self.all_cases else 100

    def of_all(self, count: int) -> int:
        """About how many of all cases it would be, if `count` of those tried are."""
        return round(count * self.all_cases / self.cases) if self.cases else 0


def read_history(now: datetime, largest_sample: int = LARGEST_SAMPLE) -> TrialHistory:
    """The disputes reported in the year before `now`, at most `largest_sample` of them.

    Which ones is decided by their ids, which are drawn at random, so that two trials look at the same cases.
    """
    last_year = Dispute.objects.filter(reported_at__gte=now - LOOKED_BACK, reported_at__lt=now)
    all_cases = last_year.count()
    rows = last_year.order_by("id").values_list("id", "home_area_id", "risk", "scale")
    rows = list(rows[:largest_sample])
    numbers = {row[0]: number for number, row in enumerate(rows)}
    events = DisputeEvent.objects.filter(
        dispute__reported_at__gte=now - LOOKED_BACK, dispute__reported_at__lt=now, at__lt=now
    )
    if rows:
        events = events.filter(dispute_id__lte=rows[-1][0])
    starts = [Start(level_of(home), risk, scale) for _, home, risk, scale in rows]
    steps = list(_steps(events, numbers, starts))
    return TrialHistory(starts, runs_of(steps, starts, now), all_cases)


def _steps(events, numbers: dict, starts: list[Start]):
    """Steps by case and version. The colour at the report is put right in `starts`."""
    fields = ("dispute_id", "at", "action", "to_state", "to_level",
              KT("details__set__risk"), KT("details__set__extension_days"), KT("details__set__consent_until"),
              "version")  # fmt: skip
    for row in events.order_by("dispute_id", "version").values_list(*fields).iterator(chunk_size=5000):
        dispute_id, at, action, state, level, risk, extension, consent, version = row
        number = numbers.get(dispute_id)
        if number is None:
            continue  # became known after the disputes were read
        if version == 1 and risk:
            starts[number] = Start(starts[number].home, risk, starts[number].scale)
        yield Step(
            number, at, action, _STATES[state], _LEVELS[level], risk,
            None if extension is None else int(extension), date.fromisoformat(consent) if consent else None,
        )  # fmt: skip
