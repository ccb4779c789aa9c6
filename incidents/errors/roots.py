"""Roots of this room's errors."""

from collections.abc import Mapping, Sequence

from grids.errors import DomainError


class IncidentsError(DomainError):
    """Root of this room's errors."""

    code = "incidents_error"


class FieldsInvalid(IncidentsError):
    """Something that was sent is wrong. `errors` says where: {field: [{"message", "code"}]}.

    Messages must not repeat what was sent: it may be about a person.
    """

    code = "fields_invalid"
    zh = "内容有误,请改正:{fields}。"
    en = "Not valid, please correct: {fields}."

    def __init__(self, errors: Mapping[str, Sequence[Mapping[str, str]]], **facts):
        super().__init__(errors=errors, fields=", ".join(errors), **facts)
