"""What page and API show of a body that the rule proposes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from grids.hierarchy import Level, level_of
from grids.language import in_page_language
from incidents import network_codes as tables
from incidents.models import MediationBody
from incidents.models.labels import LEVEL_NAMES
from incidents.opening_hours import write_hours
from incidents.routing import Proposal
from incidents.routing_facts import Candidates
from incidents.routing_words import distance_words, worded

# Said in the line of facts; repeated only where everything that counted is listed.
_IN_FACTS = frozenset({
    "near", "far", "place_unknown", "load", "load_of", "load_high", "open_now", "closed_now", "conflict",
})  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A proposed body. `role` is the part that it has in the case already, empty for none."""

    body: MediationBody
    proposal: Proposal
    role: str = ""

    @property
    def code(self) -> str:
        return self.body.code

    @property
    def kind(self) -> str:
        return in_page_language(*tables.KINDS[self.body.kind])

    @property
    def form(self) -> str:
        return in_page_language(*tables.FORMS[self.body.form])

    @property
    def level(self) -> str:
        return LEVEL_NAMES[self.level_code]

    @property
    def level_code(self) -> Level:
        return level_of(self.body.area_id)

    @property
    def conflict(self) -> bool:
        return self.proposal.conflict

    @property
    def reasons(self) -> list[dict]:
        return [reason for reason in worded(self.proposal.reasons) if reason["code"] not in _IN_FACTS]

    @property
    def against(self) -> list[dict]:
        return [reason for reason in worded(self.proposal.against) if reason["code"] not in _IN_FACTS]

    @property
    def all_points(self) -> list[dict]:
        """All that counted, for and against."""
        found = worded((*self.proposal.reasons, *self.proposal.against))
        return [reason for reason in found if reason["points"]]

    @property
    def distance(self) -> str:
        metres = self.proposal.distance_m
        return _("距离不明") if metres is None else distance_words(metres)

    @property
    def load(self) -> str:
        """ "3/10", or "3" where there is no limit."""
        capacity = self.body.capacity
        return str(self.body.open_cases) if capacity is None else f"{self.body.open_cases}/{capacity}"

    @property
    def full(self) -> bool:
        return self.body.capacity is not None and self.body.open_cases >= self.body.capacity

    @property
    def open_now(self) -> bool | None:
        codes = {reason.code for reason in (*self.proposal.reasons, *self.proposal.against)}
        return True if "open_now" in codes else False if "closed_now" in codes else None

    @property
    def hours(self) -> str:
        english = (get_language() or "").startswith("en")
        return write_hours(self.body.opening_hours, english=english)


@dataclass(frozen=True)
class Force:
    """One of the three forces: its form in words and the nearest such body, None where none is known."""

    form: str
    row: Row | None


def rows_of(candidates: Candidates, roles: Mapping[str, str]) -> list[Row]:
    """The proposals, best first. `roles` are those that the bodies have in the case now, by code."""
    return [
        Row(candidates.bodies[proposal.code], proposal, roles.get(proposal.code, ""))
        for proposal in candidates.proposals
    ]


def forces_of(candidates: Candidates, rows: Iterable[Row]) -> list[Force]:
    """The three forces of a joint mediation; one that takes part already stands for its form."""
    rows = list(rows)
    by_code = {row.code: row for row in rows}
    present = {row.body.form: row for row in rows if row.role}
    return [
        Force(in_page_language(*tables.FORMS[form]), present.get(form) or by_code.get(code))
        for form, code in candidates.forces.items()
    ]
