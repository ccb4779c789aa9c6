"""What is written in a soak, by seed, and whether it arrived just so."""

import random
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import shapely
from PIL import Image

from incidents import codes

MARK = "浸泡"
CHINA = timezone(timedelta(hours=8))
NEWEST = datetime(2026, 11, 1, 8, 0, tzinfo=CHINA)
PHOTO_EACH, MISTAKE_EACH = 20, 100  # one report in so many
# What has been mangled on some way or other: quotes, markup, controls of direction, signs beyond the BMP.
WORDS = (
    "漏水", "噪音", "租金", "“说好的”", "it's", '"quoted"', "<b>不是标签</b>", "&amp;", "100%",
    "_下划线_",
    "\\n不是换行", "🚧施工", "👨‍👩‍👧", "𠮷野家", "\u00e9", "e\u0301", "\u200f右至左", "🈲", "{{ x }}",
    "%s", "--", "'; DROP", "第一\n第二", "制表\t符", "全角 空格", "\u3000首行", "a  b", "楼上", "没人管",
    "欠薪", "停车位",
)
PHOTO_SIZE = (640, 480)
MOST_OFF = 12  # of 255, by JPEG twice


@dataclass(frozen=True)
class Written:
    """One report. `occurred_at` is local time to the minute, `photo` the seed of a picture.

    `mistake`: the worker first gives a time in the future, and has to correct it.
    """

    serial: int
    title: str
    description: str
    category: str
    scale: str
    people_involved: str
    source: str
    address: str
    occurred_at: str
    injury_or_threat: str
    lon: float
    lat: float
    photo: int | None
    mistake: bool

    def fields(self) -> dict[str, str]:
        """What is typed, by the fields' names."""
        typed = asdict(self)
        for other in ("serial", "lon", "lat", "photo", "mistake"):
            del typed[other]
        return typed


def plan_reports(serials: range, seed: int, unit: shapely.Geometry) -> list[Written]:
    """Reports of one phone, well within its `unit` (WGS84 degrees): the same for the same seed."""
    inside = unit.buffer(-0.0003)
    return [_report(serial, random.Random(f"{seed}/{serial}"), inside) for serial in serials]


def _report(serial: int, rng: random.Random, inside: shapely.Geometry) -> Written:
    lon, lat = _point(rng, inside)
    occurred = NEWEST - timedelta(minutes=rng.randrange(30 * 24 * 60))
    return Written(
        serial=serial,
        title=f"{MARK}{serial:06d} {_text(rng, 4).replace(chr(10), ' ').replace(chr(9), ' ')}"[:90].strip(),
        description=_text(rng, rng.randrange(2, 40)),
        category=rng.choice(list(codes.CATEGORIES)),
        scale=rng.choice(list(codes.SCALES)),
        people_involved=str(rng.randrange(1, 60)),
        source=rng.choice(list(codes.SOURCES)),
        address=f"{rng.choice('竹园南北')}路 {rng.randrange(1, 300)} 号之{rng.randrange(1, 9)}",
        occurred_at=f"{occurred:%Y-%m-%dT%H:%M}",
        injury_or_threat=rng.choice(["", "", "", "yes"]),
        lon=lon,
        lat=lat,
        photo=serial if serial % PHOTO_EACH == 0 else None,
        mistake=serial % MISTAKE_EACH == 7,
    )


def _text(rng: random.Random, words: int) -> str:
    return "".join(rng.choice(WORDS) + rng.choice(["", " ", "。"]) for _ in range(words)).strip() or "无"


def _point(rng: random.Random, inside: shapely.Geometry) -> tuple[float, float]:
    west, south, east, north = inside.bounds
    while True:
        lon, lat = rng.uniform(west, east), rng.uniform(south, north)
        if inside.contains(shapely.Point(lon, lat)):
            return lon, lat


def differences(written: Written, arrived: dict, photo_file) -> list[str]:
    """Names of what is not as it was written. `photo_file(attachment)` gives a photo's file."""
    moment = datetime.fromisoformat(written.occurred_at).replace(tzinfo=CHINA)
    expected = {
        "title": written.title,
        "description": written.description,
        "category": written.category,
        "scale": written.scale,
        "people_involved": int(written.people_involved),
        "source": written.source,
        "address_text": written.address,
        "occurred_at": moment,
        "injury_or_threat": bool(written.injury_or_threat),
        "original_lon": written.lon,
        "original_lat": written.lat,
        "original_datum": "wgs84",
    }
    changed = [name for name, value in expected.items() if arrived[name] != value]
    photos = [photo_file(attachment) for attachment in arrived["photos"]]
    if len(photos) != (written.photo is not None):
        changed.append("photos")
    return changed + ["pixels" for path in photos if not looks_like(path, written.photo, PHOTO_SIZE)]


def looks_like(path: Path, seed: int, size: tuple[int, int]) -> bool:
    """Whether the file shows the four patches of colour that report_page.js draws for `seed`."""
    with Image.open(path) as picture:
        if picture.size != size:
            return False
        seen = [
            picture.getpixel((size[0] * (1 + 2 * (patch % 2)) // 4, size[1] * (1 + 2 * (patch // 2)) // 4))
            for patch in range(4)
        ]
    drawn = [tuple(32 * (((seed * 7 + patch * 3) >> shift) & 7) for shift in range(3)) for patch in range(4)]
    return all(
        abs(one - other) <= MOST_OFF
        for colour, wanted in zip(seen, drawn, strict=True)
        for one, other in zip(colour, wanted, strict=True)
    )
