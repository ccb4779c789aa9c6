"""One row of a foreign table, read as a report. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from uuid import UUID, uuid5

from incidents import codes
from incidents.exchange.columns import BY_KEY
from incidents.report import Report
from incidents.working_time import GUANGZHOU

# Any constant: the same row gives the same key, whoever sends it.
_NAMESPACE = UUID("5f0c7d3e-5d0b-4a70-9a35-2f6f0b3d9a11")
_TRUE, _FALSE = {"是", "有", "1", "true", "yes", "y"}, {"", "否", "无", "0", "false", "no", "n"}
_DATUMS = {
    "wgs84": "wgs84", "wgs-84": "wgs84", "cgcs2000": "wgs84", "2000": "wgs84", "epsg:4326": "wgs84",
    "gcj02": "gcj02", "gcj-02": "gcj02", "火星坐标": "gcj02", "高德": "gcj02", "腾讯": "gcj02",
    "bd09": "bd09", "bd-09": "bd09", "百度": "bd09",
}  # fmt: skip
_TIMES = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M", "%Y年%m月%d日",
)  # fmt: skip
_DEFAULTS = {"scale": "01", "source": "resident", "people_involved": "2"}


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with the cell of `key`."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True)
class ReadRow:
    """`report` lacks a place (0, 0) where `needs_address`: then the address must be a known one."""

    number: str
    report: Report
    needs_address: bool

    def key(self, street: str) -> UUID:
        """By the other system's number where there is one, which is its own in `street`; else by all that
        the row says."""
        said = f"number {street} {self.number}" if self.number else f"row {self.report.digest()}"
        return uuid5(_NAMESPACE, said)


def read_row(
    cells: Mapping[str, str], mapping: Mapping[str, str], datum: str = ""
) -> tuple[ReadRow | None, list[CellProblem]]:
    """`cells` (heading -> text) by `mapping` (heading -> key). `datum` holds where the file names none.

    Either the row or what is wrong with it. Length and range of what was read are the report's own rules.
    """
    said = {key: cells.get(heading, "").strip() for heading, key in mapping.items()}
    reader = _Reader(said)
    fields = {
        "title": reader.text("title"),
        "description": said.get("description", ""),
        "category": reader.coded("category", _categories()),
        "scale": reader.coded("scale", _table(codes.SCALES)),
        "people_involved": reader.whole("people_involved"),
        "occurred_at": reader.moment("occurred_at"),
        "source": reader.coded("source", _table(codes.SOURCES)),
        "address": said.get("address", ""),
        "injury_or_threat": reader.flag("injury_or_threat"),
        "amount_yuan": reader.money("amount_yuan"),
        **reader.place(datum),
    }
    if reader.problems:
        return None, reader.problems
    needs_address = fields["lon"] is None
    if needs_address:
        fields |= {"lon": 0.0, "lat": 0.0, "datum": "wgs84"}
    return ReadRow(said.get("number", ""), Report(**fields), needs_address), []


class _Reader:
    """Reads cells one after the other and collects what is wrong."""

    def __init__(self, said: Mapping[str, str]):
        self.said = {**_DEFAULTS, **{key: text for key, text in said.items() if text}}
        self.problems: list[CellProblem] = []

    def wrong(self, key: str, zh: str, en: str) -> None:
        self.problems.append(CellProblem(key, zh, en))

    def text(self, key: str) -> str:
        if key not in self.said:
            self.wrong(key, "不能为空。", "Must not be empty.")
        return self.said.get(key, "")

    def coded(self, key: str, table: Mapping[str, str]) -> str:
        text = self.text(key)
        code = table.get(text.replace(" ", "")) or table.get(text.zfill(4 if key == "category" else 2))
        if text and not code:
            self.wrong(key, f"没有这个{BY_KEY[key].zh}:请写代码或名称。", "Unknown: give a code or a name.")
        return code or ""

    def whole(self, key: str) -> int:
        text = self.said[key]
        if not re.fullmatch(r"[0-9]{1,9}(\.0+)?", text):
            self.wrong(key, "应为整数。", "Must be a whole number.")
            return 0
        return int(text.split(".")[0])

    def number(self, key: str) -> float | None:
        text = self.said.get(key)
        if text is None:
            return None
        # Not float(): that takes "nan", "1_0" and the digits of other scripts.
        if not re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,20})?", text):
            self.wrong(key, "应为数字。", "Must be a number.")
            return None
        return float(text)

    def money(self, key: str) -> Decimal | None:
        text = self.said.get(key, "").replace(",", "").removesuffix("元")
        if not text:
            return None
        # As with number(): Decimal() also takes "1e30", which no rounding can hold, and "1_0".
        if not re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,2}0*)?", text):
            self.wrong(key, "应为金额,最多两位小数。", "Must be an amount with at most two decimals.")
            return None
        return round(Decimal(text), 2)

    def flag(self, key: str) -> bool:
        text = self.said.get(key, "").casefold()
        if text not in _TRUE | _FALSE:
            self.wrong(key, "应为是或否。", "Must be 是 (yes) or 否 (no).")
        return text in _TRUE

    def moment(self, key: str) -> datetime | None:
        text = self.text(key).replace("T", " ")
        for form in _TIMES:
            try:
                return datetime.strptime(text, form).replace(tzinfo=GUANGZHOU)
            except ValueError:
                continue
        try:
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=GUANGZHOU)
        except ValueError:
            if text:
                self.wrong(key, "应写成 2026-03-01 08:00。", "Write it as 2026-03-01 08:00.")
            return None

    def place(self, datum: str) -> dict:
        lon, lat = self.number("lon"), self.number("lat")
        place = {"lon": lon, "lat": lat, "datum": "", "accuracy_m": self.number("accuracy_m")}
        if lon is None and lat is None:
            if not self.said.get("address") and not {"lon", "lat"} & set(self.said):
                self.wrong("address", "应有经纬度,或已登记的地址。", "Needs coordinates or a known address.")
            return place | {"accuracy_m": None}
        if lon is None or lat is None:
            self.wrong("lat" if lat is None else "lon", "经度和纬度应同时给出。", "Give both coordinates.")
            return place
        said = self.said.get("datum", "")
        place["datum"] = _DATUMS.get(said.casefold(), "") if said else datum
        if not place["datum"]:
            self.wrong("datum", "应为 wgs84、gcj02 或 bd09。", "Must be wgs84, gcj02 or bd09.")
        return place


def _table(table: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Code, Chinese and English name -> code."""
    return {name.replace(" ", ""): code for code, names in table.items() for name in (code, *names)}


@cache
def _categories() -> dict[str, str]:
    """Code, "物权·物业管理", and "物业管理" where no other group has the same name -> code."""
    found: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    for code in codes.CATEGORIES:
        found[code] = code
        for language in ("zh-hans", "en"):
            found[codes.category_label(code, language).replace(" ", "")] = code
        for name in codes.CATEGORIES[code]:
            names.setdefault(name.replace(" ", ""), []).append(code)
    return {name: owners[0] for name, owners in names.items() if len(owners) == 1} | found
