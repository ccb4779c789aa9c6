"""What a paper is made of, whether it is printed as PDF or as Word. Pure.

A paper is a tuple of blocks. It is kept as JSON, so that a number always prints the paper that was issued.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar


class BlocksInvalid(ValueError):
    """This is no JSON of blocks."""


@dataclass(frozen=True)
class Title:
    block: ClassVar[str] = "title"
    text: str


@dataclass(frozen=True)
class Number:
    """The paper's number, below the title."""

    block: ClassVar[str] = "number"
    text: str


@dataclass(frozen=True)
class Heading:
    block: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Paragraph:
    """`flush`: without the indent of two characters, as an address to somebody has none."""

    block: ClassVar[str] = "paragraph"
    text: str
    flush: bool = False


@dataclass(frozen=True)
class Fields:
    """Rows of (label, value). An empty value is room to write by hand."""

    block: ClassVar[str] = "fields"
    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True)
class Clauses:
    """What stands under 一、 二、 三、."""

    block: ClassVar[str] = "clauses"
    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """`figures` are the columns, from 0, whose cells are set right."""

    block: ClassVar[str] = "table"
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[int, ...] = ()


@dataclass(frozen=True)
class Lines:
    """Empty lines to be written on by hand."""

    block: ClassVar[str] = "lines"
    count: int


@dataclass(frozen=True)
class Signatures:
    """Who signs, where the seal goes (nowhere if empty) and the day, to be written by hand if empty."""

    block: ClassVar[str] = "signatures"
    people: tuple[str, ...]
    seal: str = ""
    date: str = ""


@dataclass(frozen=True)
class Note:
    """Small, at the end."""

    block: ClassVar[str] = "note"
    text: str


Block = Title | Number | Heading | Paragraph | Fields | Clauses | Table | Lines | Signatures | Note
KINDS = {
    kind.block: kind
    for kind in (Title, Number, Heading, Paragraph, Fields, Clauses, Table, Lines, Signatures, Note)
}
# What stays on the page of the signatures is at most about this long: a page holds some 650 characters.
LONGEST_TAIL = 150


def to_json(blocks: Iterable[Block]) -> list[dict]:
    return [{"block": block.block, **asdict(block)} for block in blocks]


def from_json(data: Sequence[Mapping]) -> tuple[Block, ...]:
    """The blocks that `to_json` wrote. Raises BlocksInvalid."""
    try:
        return tuple(_block(dict(each)) for each in data)
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise BlocksInvalid("not the blocks of a paper") from error


def in_groups(blocks: Sequence[Block]) -> list[tuple[Block, ...]]:
    """`blocks` such that each clause is one, in groups that each stay on one page where they can.

    Signatures alone on a page could be put under any text, so what stands before them comes with them: at
    least the last clause or paragraph, and more while it is short. A heading stays with what follows it.
    """
    groups: list[list[Block]] = []
    for position, block in enumerate(_single_clauses(blocks)):
        last = groups[-1][-1] if groups else None
        if isinstance(last, Heading) or isinstance(last, Table) and isinstance(block, Note):
            groups[-1].append(block)
        elif isinstance(block, Signatures) and position:
            tail = [block]
            while groups and (len(tail) == 1 or _length([*groups[-1], *tail]) <= LONGEST_TAIL):
                tail = [*groups.pop(), *tail]
            groups.append(tail)
        else:
            groups.append([block])
    return [tuple(group) for group in groups]


def numeral(number: int) -> str:
    """1 to 99 as 一 to 九十九."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")


def all_text(blocks: Iterable[Block]) -> str:
    """Every character that the blocks bring with them."""
    return "".join(_strings([asdict(block) for block in blocks]))


def _block(data: dict) -> Block:
    return KINDS[data.pop("block")](**{name: _tuples(value) for name, value in data.items()})


def _tuples(value):
    return tuple(_tuples(each) for each in value) if isinstance(value, list | tuple) else value


def _single_clauses(blocks: Iterable[Block]) -> list[Block]:
    single: list[Block] = []
    for block in blocks:
        if isinstance(block, Clauses):
            single += [
                Paragraph(f"{numeral(number)}、{item}") for number, item in enumerate(block.items, start=1)
            ]
        else:
            single.append(block)
    return single


def _length(blocks: Iterable[Block]) -> int:
    """About how many characters' room the blocks take; a row of a table is a line of 30."""
    rows = sum(30 * len(block.rows) for block in blocks if isinstance(block, Fields | Table))
    rows += sum(30 * block.count for block in blocks if isinstance(block, Lines))
    texts = [block.text for block in blocks if isinstance(block, Paragraph | Heading | Note)]
    return rows + sum(len(text) + 15 for text in texts)


def _strings(value) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for each in value for text in _strings(each)] if isinstance(value, list | tuple) else []
