"""Measures by their name, as pages and programs ask for them."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from grids.models import User
from incidents.errors import FieldsInvalid, MeasureUnknown
from incidents.measures import MEASURES, Measure
from incidents.models import Dispute
from incidents.services import measures_taken as taken

TAKEN: dict[Measure, Callable[..., Dispute]] = {
    Measure.ASK_EXTENSION: taken.ask_extension,
    Measure.GRANT_EXTENSION: taken.grant_extension,
    Measure.REFUSE_EXTENSION: taken.refuse_extension,
    Measure.AGREE_TO_RUN_ON: taken.agree_to_run_on,
    Measure.SUPERVISE: taken.supervise,
    Measure.END_SUPERVISION: taken.end_supervision,
    Measure.URGE: taken.urge,
    Measure.OVERRIDE_RISK: taken.override_risk,
}


def take_measure(
    *,
    user: User,
    dispute_id: UUID,
    measure: str,
    given: Mapping[str, str],
    expected_version: int | None = None,
) -> Dispute:
    """Take `measure` with what was `given` for it as text: reason, days, until (2026-03-31), risk.

    Raises:
        MeasureUnknown, FieldsInvalid, and what the measure itself raises.
    """
    if measure not in TAKEN:
        raise MeasureUnknown(measure=measure, known_measures=[known.value for known in TAKEN])
    measure = Measure(measure)
    needs = MEASURES[measure].needs
    facts: dict = {"reason": given.get("reason", "")}
    if "days" in needs:
        facts["days"] = _whole_number(given.get("days", ""))
    if "until" in needs:
        facts["until"] = _day(given.get("until", ""))
    if "risk" in needs:
        facts["risk"] = given.get("risk", "")
    return TAKEN[measure](user=user, dispute_id=dispute_id, expected_version=expected_version, **facts)


def _whole_number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", text.strip(), re.ASCII):
        message = "请填写工作日数。 / Give a number of working days."
        raise FieldsInvalid({"days": [{"message": message, "code": "invalid"}]})
    return int(text)


def _day(text: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip(), re.ASCII):
            raise ValueError
        return date.fromisoformat(text.strip())
    except ValueError as error:
        message = "请填写日期,如 2026-03-31。 / Give a day such as 2026-03-31."
        raise FieldsInvalid({"until": [{"message": message, "code": "invalid"}]}) from error
