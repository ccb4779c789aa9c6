"""What was posted to a case and refused: so that nothing typed is lost, and the page says why."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from grids.errors import DomainError
from incidents.errors import DisputeChanged, FieldsInvalid, TransitionNotAllowed
from incidents.models.labels import ACTION_NAMES
from incidents.story import Chapter
from incidents.two_languages import in_readers_language


def field_errors(error: DomainError) -> dict[str, str]:
    """What is wrong with each field, in the page's language; nothing where the error is of no field."""
    found = error.facts.get("errors", {})
    return {name: " ".join(in_readers_language(e["message"]) for e in found[name]) for name in found}


def number_in(text: str) -> int:
    """0, which no row and no version has, for what is no number."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text, re.ASCII) else 0


def version_in(post: Mapping[str, str]) -> int | None:
    """The version of the case that the form showed; None where it says nothing of it."""
    version = post.get("version", "")
    return number_in(version) if version else None


@dataclass(frozen=True)
class Attempt:
    """Something tried with a case, `of` an action, a measure or another step, and what was typed."""

    of: str
    given: Mapping[str, str]
    version: int | None
    error: DomainError | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_post(cls, of: str, post: Mapping[str, str], names: Iterable[str]) -> "Attempt":
        return cls(of, {name: post.get(name, "") for name in names}, version_in(post))

    def refused(self, error: DomainError) -> "Attempt":
        return replace(self, error=error, errors=field_errors(error))

    @property
    def sentence(self) -> str:
        """Why nothing was changed, for the top of the page."""
        if isinstance(self.error, DisputeChanged):
            return _("没有提交:您查看之后,这件纠纷有了变化。请看清变化后再办理,您写的内容还在。")
        if isinstance(self.error, TransitionNotAllowed) and self.of in ACTION_NAMES:
            return _("没有提交:这件纠纷现在不能“%s”。") % ACTION_NAMES[self.of]
        if "body" in self.errors:
            return _("没有提交:%(why)s") % {"why": self.errors["body"]}
        if isinstance(self.error, FieldsInvalid):
            return _("没有提交:请补充标出的内容。")
        return in_readers_language(str(self.error))

    def news(self, story: Iterable[Chapter]) -> list[Chapter]:
        """What happened since the version that was looked at."""
        known = self.version
        return [chapter for chapter in story if known is not None and chapter.version > known]
