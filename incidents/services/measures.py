"""What every measure asks before it is taken."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction

from grids.models import User
from incidents.errors import FieldsInvalid, MeasureNotAllowed, MeasureNotYours
from incidents.measures import Measure
from incidents.models import Dispute
from incidents.permissions import CaseDuties
from incidents.services.actions import area_facts, check_unchanged


@contextmanager
def locked_for(
    measure: Measure, *, user: User, dispute_id: UUID, expected_version: int | None = None
) -> Iterator[Dispute]:
    """The dispute, locked in a transaction, once it is sure that `user` may take `measure` with it now.

    Raises:
        DisputeNotFound, DisputeChanged, MeasureNotYours, MeasureNotAllowed.
    """
    with transaction.atomic():
        dispute = Dispute.objects.select_for_update(of=("self",)).one_visible_to(user, dispute_id)
        check_unchanged(dispute, expected_version)
        duties = CaseDuties.of(user)
        if not duties.stands_for(measure, dispute):
            raise MeasureNotYours(**area_facts(dispute))
        if not duties.may_take(measure, dispute):
            raise MeasureNotAllowed(
                measure=measure.value, allowed_measures=[m.value for m in duties.measures_for(dispute)]
            )
        yield dispute


def require_text(field: str, text: str, length: int, *, blank: bool = False) -> str:
    """`text` without spaces around it. Raises FieldsInvalid: empty, too long, or with a null character."""
    text = text.strip()
    if not text and not blank:
        message, code = "请填写。 / Required.", "required"
    elif len(text) > length or "\0" in text:
        message, code = f"最多 {length} 个字,不含空字符。 / At most {length} characters, no null.", "invalid"
    else:
        return text
    raise FieldsInvalid({field: [{"message": message, "code": code}]})

