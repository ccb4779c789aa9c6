"""What an import did or would do, row by row. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from incidents.network.columns import COLUMNS, TITLES, Kind
from incidents.sheets.problems import RowProblem


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


OUTCOME_WORDS = {
    Outcome.CREATED: ("新增", "new"),
    Outcome.UPDATED: ("更新", "updated"),
    Outcome.UNCHANGED: ("不变", "unchanged"),
    Outcome.WRONG: ("错误", "wrong"),
}


@dataclass(frozen=True)
class RowReport:
    """One row of the file: `changed` are the fields that an update changes."""

    number: int
    code: str
    outcome: Outcome
    changed: tuple[str, ...] = ()
    problems: tuple[RowProblem, ...] = ()

    def zh(self, kind: Kind) -> str:
        """The row in one Chinese sentence: 第 3 行 A1:更新(办公电话)."""
        told = f"第 {self.number} 行 {self.code}".rstrip() + f":{OUTCOME_WORDS[self.outcome][0]}"
        if self.changed:
            told += f"({'、'.join(changed_words(kind, self.changed))})"
        return told + "".join(f" {_column(problem)}{problem.zh}" for problem in self.problems)


@dataclass
class TableReport:
    """One table: `unknown` are the headings that were not read."""

    kind: Kind
    rows: list[RowReport] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def title(self) -> tuple[str, str]:
        return TITLES[self.kind]

    @property
    def counts(self) -> dict[Outcome, int]:
        counted = Counter(row.outcome for row in self.rows)
        return {outcome: counted[outcome] for outcome in Outcome}

    @property
    def wrong(self) -> list[RowReport]:
        return [row for row in self.rows if row.outcome is Outcome.WRONG]

    @property
    def problems(self) -> list[RowProblem]:
        return [problem for row in self.rows for problem in row.problems]

    def as_json(self) -> dict:
        return {
            "kind": self.kind.value,
            **{outcome.value: count for outcome, count in self.counts.items()},
            "unknown_columns": self.unknown,
            "rows": [
                {
                    "row": row.number,
                    "code": row.code,
                    "outcome": row.outcome.value,
                    "changed": list(row.changed),
                    "problems": [
                        {"column": problem.column, "zh": problem.zh, "en": problem.en}
                        for problem in row.problems
                    ],
                    "zh": row.zh(self.kind),
                }
                for row in self.rows
            ],
        }


@dataclass
class ImportReport:
    """All tables of a file. `saved` whether anything was stored."""

    tables: list[TableReport] = field(default_factory=list)
    dry_run: bool = False
    saved: bool = False

    @property
    def wrong_rows(self) -> int:
        return sum(len(table.wrong) for table in self.tables)

    @property
    def changing_rows(self) -> int:
        return sum(
            table.counts[Outcome.CREATED] + table.counts[Outcome.UPDATED] for table in self.tables
        )

    def as_json(self) -> dict:
        return {
            "dry_run": self.dry_run,
            "saved": self.saved,
            "tables": [table.as_json() for table in self.tables],
        }


def changed_words(kind: Kind, fields: tuple[str, ...]) -> list[str]:
    """Headings of `fields`, in Chinese."""
    headings = {column.field: column.zh for column in COLUMNS[kind]} | {"location": "位置"}
    return [headings[name] for name in fields]


def _column(problem: RowProblem) -> str:
    return f"“{problem.column}”:" if problem.column else ""
