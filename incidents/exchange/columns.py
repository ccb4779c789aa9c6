"""The columns of a table of disputes: their names, and which heading of a foreign file is which. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A field that can be read from a file. `aliases` are other headings under which it is found."""

    key: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    required: bool = False


IMPORT_COLUMNS = (
    Column("number", "原编号", "Reference", ("编号", "原案号", "案件编号")),
    Column("title", "标题", "Title", ("纠纷标题", "事由", "名称", "案件名称"), required=True),
    Column("description", "经过", "Description", ("纠纷经过", "情况描述", "内容", "简要情况", "基本情况")),
    Column("category", "类别", "Category", ("纠纷类别", "纠纷类型", "类型"), required=True),
    Column("scale", "规模", "Scale", ("事件规模", "纠纷规模")),
    Column("people_involved", "涉及人数", "People involved", ("人数", "当事人数")),
    Column("source", "来源", "Source", ("纠纷来源", "案件来源")),
    Column("occurred_at", "发生时间", "Occurred at", ("发生日期", "时间", "日期"), required=True),
    Column("lon", "经度", "Longitude", ("lng", "x")),
    Column("lat", "纬度", "Latitude", ("y",)),
    Column("datum", "坐标系", "Datum", ("坐标系统", "基准")),
    Column("accuracy_m", "定位精度(米)", "Accuracy (m)", ("精度",)),
    Column("address", "地址", "Address", ("发生地址", "地点", "详细地址", "发生地点")),
    Column("injury_or_threat", "有人受伤或受到威胁", "Injury or threat", ("受伤或威胁", "有无伤害")),
    Column("amount_yuan", "涉及金额(元)", "Amount (yuan)", ("金额", "涉及金额", "金额(元)")),
)
BY_KEY = {column.key: column for column in IMPORT_COLUMNS}
_WIDTH = str.maketrans("\uff08\uff09\uff1a", "():")


def guess_mapping(headings: Iterable[str]) -> dict[str, str]:
    """Heading -> key, for the headings that are known; each key once, exact names before aliases."""
    known = {_plain(name): column.key for column in IMPORT_COLUMNS for name in column.aliases}
    for column in IMPORT_COLUMNS:
        known |= {_plain(name): column.key for name in (column.key, column.en, column.zh)}
    mapping: dict[str, str] = {}
    named = {column.zh for column in IMPORT_COLUMNS}
    for heading in sorted(headings, key=lambda heading: heading not in named):
        key = known.get(_plain(heading))
        if key and key not in mapping.values():
            mapping[heading] = key
    return mapping


def missing_columns(mapping: Mapping[str, str]) -> list[Column]:
    """What a file must have and `mapping` does not give. A place needs coordinates or an address."""
    keys = set(mapping.values())
    missing = [column for column in IMPORT_COLUMNS if column.required and column.key not in keys]
    if "address" not in keys and not {"lon", "lat"} <= keys:
        missing.append(BY_KEY["address"])
    return missing


def headings_digest(headings: Iterable[str]) -> str:
    """The same for files with the same headings in whatever order."""
    return hashlib.sha256("\n".join(sorted(map(_plain, headings))).encode()).hexdigest()


def _plain(heading: str) -> str:
    return heading.strip().translate(_WIDTH).replace(" ", "").casefold()
