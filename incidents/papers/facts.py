"""What a form needs to know, in plain values. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class PartyFacts:
    name: str
    phone: str = ""
    role: str = ""

    @property
    def answers(self) -> bool:
        """Whether the other side is theirs: those against whom something is asked."""
        return self.role.startswith("被")


@dataclass(frozen=True)
class CaseFacts:
    """The case. `body` is empty while none is chosen; `people`: it is a people's mediation committee, which
    alone uses the forms under the name of people's mediation."""

    case_number: str
    subject: str
    title: str
    description: str
    place: str
    occurred_on: date
    parties: tuple[PartyFacts, ...]
    body: str = ""
    people: bool = True
    mediators: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordFacts:
    """One mediation that was held."""

    held_at: datetime
    place: str
    attendees: tuple[str, ...]
    summary: str
    recorder: str


@dataclass(frozen=True)
class InstalmentFacts:
    what: str
    amount: Decimal | None
    due_on: date


@dataclass(frozen=True)
class AgreementFacts:
    """`paper` is the number under which the agreement was issued as a paper, if it was."""

    reached_on: date
    effective_on: date
    oral: bool
    facts: str
    terms: str
    instalments: tuple[InstalmentFacts, ...] = ()
    paper: str = ""


@dataclass(frozen=True)
class VisitFacts:
    visited_on: date
    method: str
    result: str
    note: str
    visitor: str
