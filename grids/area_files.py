"""Reading areas from GeoJSON, GeoPackage and Shapefile (plain or zipped)."""

import json
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from glob import escape
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from grids import shapefile_text
from grids.area_records import AreaProblem, AreaRecord
from grids.errors import FieldMissing, FileDamaged, FileMissing, FormatUnknown, LayerMissing
from grids.file_crs import geometries_in_wgs84, is_known

GEOJSON, SHAPEFILE, GEOPACKAGE = ".geojson", ".shp", ".gpkg"
FORMATS = {GEOJSON: GEOJSON, ".json": GEOJSON, GEOPACKAGE: GEOPACKAGE, SHAPEFILE: SHAPEFILE}

# Field names seen in Chinese and international area files, the likeliest first, in lower case.
CODE_FIELDS = (
    "code", "代码", "区划代码", "行政区划代码", "编码", "网格代码", "网格编码", "社区代码", "街道代码",
    "area_code", "grid_code", "gridcode", "adcode", "xzqdm", "zldwdm", "dm", "bm",
)  # fmt: skip
NAME_FIELDS = (
    "name", "名称", "区划名称", "行政区划名称", "网格名称", "社区名称", "街道名称",
    "area_name", "grid_name", "gridname", "adname", "xzqmc", "zldwmc", "mc",
)  # fmt: skip


@dataclass(frozen=True)
class AreaFile:
    records: tuple[AreaRecord, ...]
    problems: tuple[AreaProblem, ...]


def read_area_file(
    path: Path | str,
    *,
    datum: str | None = None,
    srid: int | str | None = None,
    code_field: str | None = None,
    name_field: str | None = None,
    encoding: str | None = None,
    layer: str | None = None,
) -> AreaFile:
    """The areas in the file at `path`, in WGS84.

    Raises:
        GridsError: the file cannot be read, or does not say its coordinate system, fields or encoding.
    """
    source = _Source.open(Path(path), layer)
    meta, fields, geometries = _read(source)
    problems = []
    if source.suffix == SHAPEFILE:
        fields, problems = _decoded(source, fields, encoding)
    codes = fields[_choose_field(list(fields), CODE_FIELDS, code_field, "--code-field", ("代码", "code"))]
    names = fields[_choose_field(list(fields), NAME_FIELDS, name_field, "--name-field", ("名称", "name"))]
    if with_z := np.count_nonzero(shapely.has_z(geometries) | shapely.has_m(geometries)):
        zh, en = f"{with_z} 个区域的高程或量测值未采用", f"Z or M values of {with_z} areas were dropped"
        problems.append(AreaProblem("", "z_dropped", zh, en))
    stated = _stated_crs(source, meta)
    geometries = geometries_in_wgs84(
        shapely.force_2d(geometries), path=source.path.name, found=stated, datum=datum, srid=srid
    )
    records = tuple(
        AreaRecord(row, code_text(code), name_text(name), geometry)
        for row, (code, name, geometry) in enumerate(zip(codes, names, geometries, strict=True), start=1)
    )
    return AreaFile(records, tuple(problems))


def code_text(value: object) -> str:
    """An area code as digits: numbers and "440105001.0" lose their fraction, blanks and full width go."""
    if value is None or value != value:  # NaN
        return ""
    text = f"{value:.1f}" if isinstance(value, float | np.floating) else str(value)
    return re.sub(r"^(\d+)\.0+$", r"\1", unicodedata.normalize("NFKC", text).strip())


def name_text(value: object) -> str:
    """A name in one line, without the padding and control characters of old files."""
    if value is None or value != value:  # NaN
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())


# Files and layers -----------------------------------------------------------------------------
@dataclass(frozen=True)
class _Source:
    """The file `path`, of format `suffix`; `inner` is its data file's name when it is a zip."""

    path: Path
    inner: str | None
    suffix: str
    layer: str

    @classmethod
    def open(cls, path: Path, layer: str | None) -> "_Source":
        # Only what is a file here: GDAL would also take addresses on the network.
        if not path.is_file():
            raise FileMissing(path=str(path))
        inner = _file_in_zip(path) if path.suffix.lower() == ".zip" else None
        suffix = FORMATS.get(Path(inner or path.name).suffix.lower())
        if suffix is None:
            raise FormatUnknown(path=path.name)
        return cls(path, inner, suffix, _choose_layer(path, inner, layer))

    def companion(self, suffix: str) -> bytes | None:
        """Content of the file of the same name with `suffix` (.cpg, .dbf), None when there is none."""
        if self.inner is None:
            beside = self.path.parent.glob(f"{escape(self.path.stem)}.*")
            found = [path for path in beside if path.suffix.lower() == suffix]
            return found[0].read_bytes() if found else None
        wanted = str(Path(self.inner).with_suffix(suffix)).lower()
        with zipfile.ZipFile(self.path) as archive:
            found = [name for name in archive.namelist() if name.lower() == wanted]
            return archive.read(found[0]) if found else None


def _file_in_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.startswith("__MACOSX/")]
    except zipfile.BadZipFile as error:
        raise FileDamaged(path=path.name, reason=str(error)) from None
    names = [name for name in names if Path(name).suffix.lower() in FORMATS]
    if len(names) != 1:
        zh, en = f"应有一个数据文件,现有 {len(names)} 个", f"it must hold one data file, not {len(names)}"
        raise FileDamaged(path=path.name, reason=f"{zh} / {en}")
    return names[0]


def _address(path: Path, inner: str | None) -> str:
    return f"/vsizip/{path.resolve()}/{inner}" if inner else str(path.resolve())


def _choose_layer(path: Path, inner: str | None, layer: str | None) -> str:
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(_address(path, inner))]
    except DataSourceError as error:
        raise FileDamaged(path=path.name, reason=_first_line(error)) from None
    if layer in names:
        return layer
    if layer is None and len(names) == 1:
        return names[0]
    raise LayerMissing(layers=", ".join(names))


def _read(source: _Source) -> tuple[dict, dict[str, np.ndarray], np.ndarray]:
    encoding = shapefile_text.RAW if source.suffix == SHAPEFILE else None
    address = _address(source.path, source.inner)
    try:
        meta, _, wkb, columns = pyogrio.raw.read(address, layer=source.layer, encoding=encoding)
    except (DataSourceError, DataLayerError) as error:
        raise FileDamaged(path=source.path.name, reason=_first_line(error)) from None
    except UnicodeDecodeError:  # not of a Shapefile, whose text is decoded later
        reason = "文字不是 UTF-8 编码,请先转换 / its text is not UTF-8, convert it first"
        raise FileDamaged(path=source.path.name, reason=reason) from None
    if wkb is None:  # a table without geometry
        wkb = np.full(len(columns[0]) if columns else 0, None)
    return meta, dict(zip(meta["fields"], columns, strict=True)), shapely.from_wkb(wkb, on_invalid="fix")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _stated_crs(source: _Source, meta: dict) -> str | None:
    """The coordinate system that the file itself states, None when it states none.

    GDAL takes any GeoJSON for WGS84, as RFC 7946 says, and so also one whose `crs` it does not know.
    Much GeoJSON in China is drawn on shifted maps, so here only a written `crs` that is known counts.
    """
    if source.suffix != GEOJSON:
        return meta["crs"]
    content = source.companion(Path(source.inner or source.path).suffix.lower())
    said = json.loads(content).get("crs")
    facts = said.get("properties") if isinstance(said, dict) else None
    name = facts.get("name", facts.get("code")) if isinstance(facts, dict) else None
    return meta["crs"] if is_known(name) else None


# Fields ---------------------------------------------------------------------------------------
def _decoded(
    source: _Source, raw: dict[str, np.ndarray], encoding: str | None
) -> tuple[dict[str, np.ndarray], list[AreaProblem]]:
    """`raw` fields with names and text in the encoding that is said or, when nobody says it, fits."""
    path = source.path.name
    texts = [*raw, *(v for column in raw.values() for v in column if isinstance(v, str))]
    codec = shapefile_text.declared_codec(encoding, source.companion(".cpg"), source.companion(".dbf") or b"")
    problems = []
    if codec is None:
        codec = shapefile_text.fitting_codec(texts, path)
        if not all(map(str.isascii, texts)):
            zh, en = f"文件没有说明文字编码,按 {codec} 读取", f"no encoding is stated; read as {codec}"
            problems.append(AreaProblem("", "encoding_assumed", zh, en))
    decoded = {text: shapefile_text.decode(text, codec, path) for text in dict.fromkeys(texts)}
    fields = {
        decoded[name]: np.array([decoded[v] if isinstance(v, str) else v for v in column], dtype=column.dtype)
        for name, column in raw.items()
    }
    return fields, problems


def _choose_field(
    fields: list[str], known: tuple[str, ...], given: str | None, option: str, what: tuple[str, str]
) -> str:
    by_lower = {field.strip().lower(): field for field in reversed(fields)}
    wanted = known if given is None else (given.strip().lower(),)
    if given not in fields:
        given = next((by_lower[name] for name in wanted if name in by_lower), None)
    if given is None:
        raise FieldMissing(option=option, what_zh=what[0], what_en=what[1], fields=", ".join(fields) or "-")
    return given
