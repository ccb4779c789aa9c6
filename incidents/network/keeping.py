"""Bodies, mediators and trainings as they are kept one by one."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from grids.models import User
from incidents.errors import BodyNotFound, MediatorNotFound, NetworkInvalid
from incidents.models import MediationBody, Mediator, Training
from incidents.network.permissions import Keeping

TAKEN = "刚刚有人保存了同样的内容:请核对后再保存。 / Somebody just saved the same: look, then save again."
# The field beside which that is said.
UNIQUE = {MediationBody: "code", Mediator: "code", Training: "topic"}
ONCE = "这位调解员已有同一天同一主题的记录。 / This mediator has this training of that day already."


@transaction.atomic
def save_body(*, user: User, values: Mapping[str, Any], code: str | None = None) -> MediationBody:
    """Change the body `code`, or make a new one with the code in `values`. `values` are a valid form's.

    Raises:
        NetworkEditNotYours, BodyNotFound, NetworkInvalid
    """
    keeping = Keeping.of(user)
    body = _locked_body(code) if code else MediationBody(code=values["code"])
    keeping.check(values["area"], *([body.area_id] if code else []))
    for field in values.keys() - {"area", "code"}:
        setattr(body, field, values[field])
    body.area_id = values["area"]
    return _saved(body)


@transaction.atomic
def save_mediator(*, user: User, values: Mapping[str, Any], code: str | None = None) -> Mediator:
    """Change the mediator `code`, or make a new one. Who moves one keeps both bodies.

    Raises:
        NetworkEditNotYours, BodyNotFound, MediatorNotFound, NetworkInvalid
    """
    keeping = Keeping.of(user)
    mediator = _locked_mediator(code) if code else Mediator(code=values["code"])
    body = _locked_body(values["body"])
    keeping.check(body.area_id, *([mediator.body.area_id] if code else []))
    for field in values.keys() - {"body", "code"}:
        setattr(mediator, field, values[field])
    mediator.body = body
    return _saved(mediator)


@transaction.atomic
def add_training(*, user: User, code: str, values: Mapping[str, Any]) -> Training:
    """Record what the mediator `code` was trained in.

    Raises:
        NetworkEditNotYours, MediatorNotFound, NetworkInvalid
    """
    mediator = _locked_mediator(code)
    Keeping.of(user).check(mediator.body.area_id)
    if mediator.trainings.filter(held_on=values["held_on"], topic=values["topic"]).exists():
        raise NetworkInvalid({"topic": [{"message": ONCE, "code": "unique"}]})
    return _saved(Training(mediator=mediator, **values))


@transaction.atomic
def remove_training(*, user: User, code: str, training_id: int) -> None:
    """Take back a record that was wrong. One that is gone already is no error."""
    mediator = _locked_mediator(code)
    Keeping.of(user).check(mediator.body.area_id)
    mediator.trainings.filter(pk=training_id).delete()


def _saved(row):
    try:
        row.full_clean()
    except ValidationError as error:
        said = {
            field: [{"message": " ".join(one.messages), "code": one.code or "invalid"} for one in errors]
            for field, errors in error.error_dict.items()
        }
        raise NetworkInvalid(said) from error
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        # Somebody stored the same between the look and the save.
        raise NetworkInvalid({UNIQUE[type(row)]: [{"message": TAKEN, "code": "unique"}]}) from error
    return row


def _locked_body(code: str) -> MediationBody:
    body = MediationBody.objects.select_for_update().filter(code=code).first()
    if body is None:
        raise BodyNotFound
    return body


def _locked_mediator(code: str) -> Mediator:
    rows = Mediator.objects.select_for_update(of=("self",)).select_related("body")
    mediator = rows.filter(code=code).first()
    if mediator is None:
        raise MediatorNotFound
    return mediator
