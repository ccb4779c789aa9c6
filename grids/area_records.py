"""Areas as a file gives them, and what is found wrong with them, in the words of one list. Pure."""

from dataclasses import dataclass
from enum import StrEnum

import shapely


@dataclass(frozen=True)
class AreaRecord:
    """One area as a file gives it: `row` from 1, the geometry in WGS84 and perhaps invalid or None."""

    row: int
    code: str
    name: str
    geometry: shapely.Geometry | None


class Severity(StrEnum):
    """An error stops the whole import; a warning can be lived with; a repair was made and is reported."""

    ERROR = "error"
    WARNING = "warning"
    REPAIR = "repair"


# Every kind and how severe it is. docs/importing-areas.md explains each.
KINDS: dict[str, Severity] = {
    "wrong_code": Severity.ERROR,
    "duplicate": Severity.ERROR,
    "no_name": Severity.ERROR,
    "empty": Severity.ERROR,
    "invalid": Severity.ERROR,
    "orphan": Severity.ERROR,
    "out_of_parent": Severity.ERROR,
    "overlap": Severity.ERROR,
    "dates_out_of_order": Severity.ERROR,
    "has_children": Severity.ERROR,
    "gap": Severity.WARNING,
    "children_outside": Severity.WARNING,
    "encoding_assumed": Severity.WARNING,
    "repaired": Severity.REPAIR,
    "z_dropped": Severity.REPAIR,
}


@dataclass(frozen=True)
class AreaProblem:
    """One finding. `code` is the area's, "" when it concerns the whole file."""

    code: str
    kind: str
    zh: str
    en: str

    @property
    def severity(self) -> Severity:
        return KINDS[self.kind]

    def as_json(self) -> dict[str, str]:
        return {
            "code": self.code,
            "kind": self.kind,
            "severity": self.severity.value,
            "detail": f"{self.zh} / {self.en}",
        }
