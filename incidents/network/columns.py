"""The columns of the network's tables: what they are called, and in which order they are written. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a table lists."""

    BODIES = "bodies"
    MEDIATORS = "mediators"
    TRAININGS = "trainings"


@dataclass(frozen=True)
class Column:
    """One column: the field, its heading in Chinese and English, other headings in use.

    `needed` in every table; `needed_anew` where a row is new. Any other column may be missing: then what
    is stored stays. A blank cell empties the field.
    """

    field: str
    zh: str
    en: str
    also: tuple[str, ...] = ()
    needed: bool = False
    needed_anew: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        return (self.zh, self.en, self.field, *self.also)


COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.BODIES: (
        Column("code", "编号", "Code", ("组织编号",), needed=True),
        Column("name", "名称", "Name", ("组织名称",), needed_anew=True),
        Column("kind", "调解类别", "Kind", needed_anew=True),
        Column("body_type", "组织类型", "Type", needed_anew=True),
        Column("form", "形式", "Form", needed_anew=True),
        Column("area", "服务区域", "Area", ("所在区域",), needed_anew=True),
        Column("area_name", "服务区域名称", "Area name"),
        Column("address", "地址", "Address"),
        Column("lon", "经度", "Longitude"),
        Column("lat", "纬度", "Latitude"),
        Column("datum", "坐标系", "Datum"),
        Column("phone", "办公电话", "Telephone", ("电话",)),
        Column("categories", "受理类别", "Categories"),
        Column("channels", "特色渠道", "Channels"),
        Column("opening_hours", "开放时间", "Opening hours"),
        Column("capacity", "同时办理上限", "Capacity", ("容量",)),
        Column("related_organisations", "利害关系单位", "Related organisations"),
        Column("active", "启用", "Active"),
    ),
    Kind.MEDIATORS: (
        Column("code", "编号", "Code", ("调解员编号",), needed=True),
        Column("name", "姓名", "Name", needed_anew=True),
        Column("body", "所属组织", "Body", ("组织编号",), needed_anew=True),
        Column("body_name", "所属组织名称", "Body name"),
        Column("background", "身份背景", "Background", needed_anew=True),
        Column("full_time", "专职", "Full time"),
        Column("languages", "语言", "Languages"),
        Column("specialities", "擅长类别", "Specialities"),
        Column("user", "账号", "Account"),
        Column("active", "在任", "Active"),
    ),
    Kind.TRAININGS: (
        Column("mediator", "调解员编号", "Mediator", ("编号",), needed=True),
        Column("mediator_name", "调解员姓名", "Mediator name", ("姓名",)),
        Column("held_on", "日期", "Date", ("培训日期",), needed=True),
        Column("topic", "主题", "Topic", ("培训主题",), needed=True),
        Column("hours", "学时", "Hours", needed_anew=True),
    ),
}
# Written for readers, not read: the code beside says it.
FOR_READERS = {"area_name", "body_name", "mediator_name"}
TITLES = {
    Kind.BODIES: ("调解组织", "Bodies"),
    Kind.MEDIATORS: ("调解员", "Mediators"),
    Kind.TRAININGS: ("培训记录", "Trainings"),
}


def fields_by_heading(kind: Kind, headings: list[str]) -> tuple[dict[str, str], list[str]]:
    """Field -> the heading that is it in this table, and the headings that are no column of ours."""
    known = {name.casefold(): column.field for column in COLUMNS[kind] for name in column.headings}
    places: dict[str, str] = {}
    unknown = []
    for heading in headings:
        field = known.get(" ".join(heading.split()).casefold())
        if field is None or field in places:
            unknown.append(heading)
        else:
            places[field] = heading
    return places, unknown


def missing_columns(kind: Kind, fields: dict[str, str]) -> list[Column]:
    """Columns that every table of this kind must have and this one lacks."""
    return [column for column in COLUMNS[kind] if column.needed and column.field not in fields]
