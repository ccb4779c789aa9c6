"""The figures as tables: the same for the page, the Excel file and the API."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from grids.hierarchy import Level
from grids.language import in_page_language
from incidents.models.labels import LEVEL_NAMES
from incidents.results.case_sets import LOW_LEVELS, NO_BODY
from incidents.results.cells import COUNT, DAYS, MEAN, SHARE, Cell, Reader, hide_the_last_gap
from incidents.results.definitions import (
    CASE_SETS,
    FIGURES,
    MEDIAN_DAYS,
    SATISFACTION,
    Counted,
    Figure,
    Words,
    share,
)
from incidents.results.report import ResultsReport
from incidents.results.tallies import Tally
from incidents.results.words import body_words, kind_words

C = Counted
FIGURE = {figure.code: figure for figure in FIGURES}
AREA_SHARES = ("resolved_low", "accepted_on_time", "resolved_on_time", "success", "followed_up")


@dataclass(frozen=True)
class Line:
    """`code` names the row for programs, `note` says in words what it counts."""

    code: str
    name: str
    cells: tuple[Cell, ...]
    note: str = ""
    # The one cell, 0 to 1, that a bar shows.
    bar: float | None = None


@dataclass(frozen=True)
class FigureTable:
    code: str
    title: str
    headings: tuple[str, ...]
    kinds: tuple[str, ...]
    lines: tuple[Line, ...] = field(default=())


def result_tables(report: ResultsReport) -> list[FigureTable]:
    reader = Reader(report.opens_cases, report.period)
    return [
        summary_table(report, reader),
        level_table(report, reader),
        area_table(report, reader),
        *body_tables(report, reader),
    ]


def summary_table(report: ResultsReport, reader: Reader) -> FigureTable:
    whole = report.tallies.whole
    lines = [_figure_line(figure, report, reader) for figure in FIGURES]
    others = (
        ("median_days", MEDIAN_DAYS, C.CLOSED, reader.median),
        ("satisfaction", SATISFACTION, C.RATED, reader.mean_rating),
    )
    for code, words, behind, cell_of in others:
        cases = reader.size(whole, behind, report.area)
        # A list of few rated cases with nothing else said would still point at who rated.
        if behind is C.RATED and cell_of(whole).masked:
            cases = Cell(None, masked=True)
        cells = (cell_of(whole), cases, Cell(None), cell_of(report.before), cell_of(report.year_ago))
        lines.append(Line(code, in_page_language(words.zh, words.en), cells, _counts(words)))
    headings = (_("指标"), _("本期"), _("件数"), _("其中"), _("上一期"), _("去年同期"))
    return FigureTable("summary", _("汇总"), headings, (SHARE, COUNT, COUNT, SHARE, SHARE), tuple(lines))


def _figure_line(figure: Figure, report: ResultsReport, reader: Reader) -> Line:
    whole = report.tallies.whole
    cases = reader.size(whole, figure.whole, report.area)
    name = in_page_language(figure.zh, figure.en)
    if figure.part is None:
        others = (
            replace(reader.size(t, figure.whole, ""), query="") for t in (report.before, report.year_ago)
        )
        cells = (replace(cases, query=""), cases, Cell(None), *others)
        return Line(figure.code, name, cells, _counts(CASE_SETS[figure.whole]))
    part = CASE_SETS[figure.part]
    cases, some, ratio = reader.trio(whole, figure, report.area)
    cells = (
        ratio,
        replace(cases, words=_named(CASE_SETS[figure.whole])),
        replace(some, words=_named(part)),
        reader.share(report.before, figure),
        reader.share(report.year_ago, figure),
    )
    whole_set = CASE_SETS[figure.whole]
    note = in_page_language(
        f"{whole_set.counts_zh};{part.zh}:{part.counts_zh}",
        f"{whole_set.counts_en}. {part.en}: {part.counts_en}",
    )
    return Line(figure.code, name, cells, note, bar=cells[0].value)


def level_table(report: ResultsReport, reader: Reader) -> FigureTable:
    """By the level that closed, took on and resolved. A case may be taken on at several.

    The share is of all that was closed, at whatever level, so that closing without an agreement raises none.
    """
    tallies, lines = [report.tallies.levels.get(level, Tally({})) for level in Level], []
    closed = hide_the_last_gap(
        [
            reader.size(tally, C.CLOSED, report.area, level=level.value)
            for level, tally in zip(Level, tallies, strict=True)
        ]
    )
    settled = _settled_by_level(tallies, report, reader)
    whole = report.tallies.whole[C.CLOSED]
    for place, (level, tally) in enumerate(zip(Level, tallies, strict=True)):
        cell = settled[place]
        ratio = Cell(None if cell.masked else share(tally[C.SETTLED], whole), SHARE, masked=cell.masked)
        cells = [closed[place], cell, ratio]
        for figure in (FIGURE["accepted_on_time"], FIGURE["resolved_on_time"]):
            cells += reader.trio(tally, figure, report.area, level=level.value)
        lines.append(Line(level.value, str(LEVEL_NAMES[level]), tuple(cells), bar=ratio.value))
    headings = (
        _("层级"), _("结案"), _("达成协议结案"), _("占全部结案"), _("应受理"), _("受理超时"), _("按期受理"),
        _("应办结"), _("办理超时"), _("按期办结"),
    )  # fmt: skip
    kinds = (COUNT, COUNT, SHARE, COUNT, COUNT, SHARE, COUNT, COUNT, SHARE)
    return FigureTable("levels", _("按层级"), headings, kinds, tuple(lines))


def _settled_by_level(tallies: Sequence[Tally], report: ResultsReport, reader: Reader) -> list[Cell]:
    """Neither the rest of the closed ones nor, of the two lowest levels that are told together, one hidden
    alone may be reckoned."""
    cells = [
        reader.trio(tally, FIGURE["settled"], report.area, level=level.value)[1]
        for level, tally in zip(Level, tallies, strict=True)
    ]
    low = [place for place, level in enumerate(Level) if level in LOW_LEVELS]
    if any(cells[place].masked for place in low):
        cells = [Cell(None, masked=True) if place in low else cell for place, cell in enumerate(cells)]
    return hide_the_last_gap(cells)


def area_table(report: ResultsReport, reader: Reader) -> FigureTable:
    parts = report.parts
    columns = [
        hide_the_last_gap([reader.size(tally, counted, code) for code, _name, tally in parts])
        for counted in (C.REPORTED, C.CLOSED)
    ]
    lines = []
    for place, (code, name, tally) in enumerate(parts):
        shares = [reader.share(tally, FIGURE[figure], code) for figure in AREA_SHARES]
        cells = (
            *(column[place] for column in columns),
            *shares,
            reader.size(tally, C.REOPENED, code),
            reader.median(tally, code),
            reader.mean_rating(tally, code),
        )
        lines.append(Line(code, name, cells, bar=shares[0].value))
    names = [in_page_language(FIGURE[code].zh, FIGURE[code].en) for code in AREA_SHARES]
    headings = (
        _("区域"), _("新收案件"), _("结案"), *names, _("重新办理"), _("办理天数中位数"), _("满意度"),
    )  # fmt: skip
    kinds = (COUNT, COUNT, *[SHARE] * len(AREA_SHARES), COUNT, DAYS, MEAN)
    return FigureTable("areas", _("按区域"), headings, kinds, tuple(lines))


def body_tables(report: ResultsReport, reader: Reader) -> list[FigureTable]:
    """Success by kind of mediation and by body; what levels mediated themselves stands last."""
    bodies = report.bodies
    names = body_words(bodies.bodies)
    kinds = [(code, kind_words(code), tally) for code, tally in bodies.kinds.items()]
    ours = [(code, names.get(code, code), tally) for code, tally in bodies.bodies.items()]
    return [
        FigureTable(
            "kinds",
            _("按调解类别"),
            _success_headings(_("调解类别")),
            *_success(kinds, "kind", report, reader),
        ),
        FigureTable(
            "bodies",
            _("按调解组织"),
            _success_headings(_("调解组织")),
            *_success(ours, "body", report, reader),
        ),
    ]


def _success_headings(first: str) -> tuple[str, ...]:
    return first, _("调解有结果"), pgettext("mediations", "达成协议"), _("成功率")


def _success(rows: Sequence[tuple[str, str, Tally]], what: str, report: ResultsReport, reader: Reader):
    lines = []
    for code, name, tally in sorted(rows, key=lambda row: (row[0] == NO_BODY, -row[2][C.MEDIATED], row[1])):
        cells = reader.trio(tally, FIGURE["success"], report.area, **{what: code})
        lines.append(Line(code, name, cells, bar=cells[-1].value))
    return (COUNT, COUNT, SHARE), tuple(lines)


def definition_rows() -> list[tuple[str, str]]:
    """Every figure and set of cases with what it counts, in the language of the page."""
    rows = [(in_page_language(words.zh, words.en), _counts(words)) for words in CASE_SETS.values()]
    shares = [
        (
            in_page_language(figure.zh, figure.en),
            _share_words(CASE_SETS[figure.whole], CASE_SETS[figure.part], figure.missed),
        )
        for figure in FIGURES
        if figure.part
    ]
    last = [(in_page_language(words.zh, words.en), _counts(words)) for words in (MEDIAN_DAYS, SATISFACTION)]
    return shares + last + rows


def _share_words(whole: Words, part: Words, missed: bool) -> str:
    if missed:
        return in_page_language(
            f"(“{whole.zh}” − “{part.zh}”) ÷ “{whole.zh}”", f"(“{whole.en}” − “{part.en}”) ÷ “{whole.en}”"
        )
    return in_page_language(f"“{part.zh}” ÷ “{whole.zh}”", f"“{part.en}” ÷ “{whole.en}”")


def _named(words: Words) -> str:
    return in_page_language(words.zh, words.en)


def _counts(words: Words) -> str:
    return in_page_language(words.counts_zh, words.counts_en)
