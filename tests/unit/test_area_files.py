"""Files as surveyors send them: written here with GDAL, read by GridGov."""

import json
import zipfile

import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import mapping

from grids import crs
from grids.area_files import code_text, name_text, read_area_file
from grids.errors import (
    CrsContradicts,
    CrsGivenTwice,
    CrsMissing,
    CrsUnknown,
    DatumNeedsDegrees,
    EncodingUnknown,
    EncodingWrong,
    FieldMissing,
    FileDamaged,
    FileMissing,
    FormatUnknown,
    LayerMissing,
)
from tests import geometries as g

CODE, NAME = "440105001", "江南中街道"


def write(path, shape=g.WHOLE, srid=4326, code=CODE, fields=("code", "name"), **options):
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array([shape])),
        [np.array([code]), np.array([NAME], dtype=object)],
        list(fields),
        geometry_type="Polygon Z" if shape.has_z else "Polygon",
        crs=f"EPSG:{srid}",
        **options,
    )
    return path


def without(path, suffix):
    path.with_suffix(suffix).unlink()
    return path


def write_geojson(path, **members):
    feature = {"type": "Feature", "properties": {"code": CODE, "name": NAME}, "geometry": mapping(g.WHOLE)}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature], **members}))
    return path


def projected(shape: shapely.Geometry, srid: int) -> shapely.Geometry:
    from django.contrib.gis.geos import GEOSGeometry

    moved = GEOSGeometry(shape.wkt, srid=4326).transform(srid, clone=True)
    return shapely.from_wkb(bytes(moved.wkb))


def the_only_record(path, **options):
    (record,) = read_area_file(path, **options).records
    return record


def assert_is_the_whole(record, tolerance_m=0.001):
    assert (record.code, record.name) == (CODE, NAME)
    assert shapely.hausdorff_distance(record.geometry, g.WHOLE) * 111_000 < tolerance_m


# Formats ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["areas.gpkg", "areas.shp"])
def test_geopackage_and_shapefile_are_read(tmp_path, name):
    assert_is_the_whole(the_only_record(write(tmp_path / name)))


@pytest.mark.parametrize("folder", ["", "海珠/"])
def test_a_zipped_shapefile_is_read_also_from_a_folder_inside(tmp_path, folder):
    write(tmp_path / "areas.shp")
    with zipfile.ZipFile(tmp_path / "areas.zip", "w") as archive:
        for part in tmp_path.glob("areas.[!z]*"):
            archive.write(part, folder + part.name)
    assert_is_the_whole(the_only_record(tmp_path / "areas.zip"))


def test_geojson_with_its_crs_is_read(tmp_path):
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert_is_the_whole(the_only_record(write_geojson(tmp_path / "areas.geojson", crs=named)))


@pytest.mark.parametrize(
    "stated",
    [
        {"type": "name", "properties": {"name": "GCJ02"}},
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::99999"}},
        {"type": "name", "properties": None},
        {"type": "link", "properties": {"href": "https://example.invalid/crs"}},
        "EPSG:4326",
    ],
)
def test_a_crs_of_a_geojson_that_is_not_known_counts_as_none(tmp_path, stated):
    path = write_geojson(tmp_path / "areas.geojson", crs=stated)
    with pytest.raises(CrsMissing):
        read_area_file(path)
    assert_is_the_whole(the_only_record(path, datum="wgs84"))


def test_a_geojson_in_gbk_is_refused_in_a_sentence(tmp_path):
    path = write_geojson(tmp_path / "areas.geojson")
    path.write_bytes(path.read_text().replace(CODE, "代码").replace("name", "名称").encode("gbk"))
    with pytest.raises(FileDamaged) as refusal:
        read_area_file(path, datum="wgs84")
    assert "UTF-8" in str(refusal.value)


def test_heights_are_dropped_and_reported(tmp_path):
    path = write(tmp_path / "areas.gpkg", shapely.force_3d(g.WHOLE, 7.5))
    found = read_area_file(path)
    assert not found.records[0].geometry.has_z
    assert [problem.kind for problem in found.problems] == ["z_dropped"]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("areas.csv", b"code,name", FormatUnknown),
        ("areas.geojson", b"{", FileDamaged),
        ("areas.gpkg", b"nothing", FileDamaged),
        ("areas.shp", b"nothing", FileDamaged),
        ("areas.zip", b"nothing", FileDamaged),
    ],
)
def test_what_is_no_area_file_is_refused_in_one_line(tmp_path, name, content, error):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error) as refused:
        read_area_file(path, datum="wgs84")
    assert "\n" not in str(refused.value)


def test_a_missing_file_and_an_address_on_the_network_are_refused(tmp_path):
    address = "https://example.com/areas.geojson"
    for path in (tmp_path / "nowhere.gpkg", address, f"/vsicurl/{address}"):
        with pytest.raises(FileMissing):
            read_area_file(path, datum="wgs84")


def test_an_archive_of_two_files_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "areas.zip", "w") as archive:
        archive.writestr("a.geojson", "{}")
        archive.writestr("b.geojson", "{}")
    with pytest.raises(FileDamaged, match="2"):
        read_area_file(tmp_path / "areas.zip")


def test_of_several_layers_one_must_be_chosen(tmp_path):
    path = write(tmp_path / "areas.gpkg", layer="streets")
    write(path, g.WEST, layer="communities", append=False)
    with pytest.raises(LayerMissing, match="communities"):
        read_area_file(path)
    assert_is_the_whole(the_only_record(path, layer="streets"))


# Coordinate systems -----------------------------------------------------------------------------
def test_geojson_that_does_not_say_its_datum_is_refused_with_advice(tmp_path):
    path = write_geojson(tmp_path / "areas.geojson")
    with pytest.raises(CrsMissing, match="--datum wgs84"):
        read_area_file(path)
    assert_is_the_whole(the_only_record(path, datum="wgs84"))
    assert_is_the_whole(the_only_record(path, srid="4490"))


def test_a_shapefile_without_prj_is_refused(tmp_path):
    path = without(write(tmp_path / "areas.shp"), ".prj")
    with pytest.raises(CrsMissing):
        read_area_file(path)
    assert_is_the_whole(the_only_record(path, srid=4326))


@pytest.mark.parametrize("srid", [4490, 4547, 4526, 32649, 3857])
def test_a_stated_system_is_converted(tmp_path, srid):
    path = write(tmp_path / "areas.shp", projected(g.WHOLE, srid), srid)
    assert_is_the_whole(the_only_record(path))
    assert_is_the_whole(the_only_record(path, srid=srid))


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_shifted_datum_is_converted_though_the_file_says_wgs84(tmp_path, datum):
    shifted = shapely.transform(g.WHOLE, lambda xy: np.column_stack(crs.from_wgs84(*xy.T, datum)))
    assert_is_the_whole(the_only_record(write(tmp_path / "areas.gpkg", shifted), datum=datum))


def test_two_accounts_of_the_system_that_differ_are_refused(tmp_path):
    metric = write(tmp_path / "metric.gpkg", projected(g.WHOLE, 4547), 4547)
    with pytest.raises(CrsContradicts, match="4547"):
        read_area_file(metric, srid=4326)
    with pytest.raises(DatumNeedsDegrees, match="4547"):
        read_area_file(metric, datum="gcj02")
    with pytest.raises(CrsGivenTwice):
        read_area_file(metric, datum="wgs84", srid=4547)
    xian = write(tmp_path / "xian.gpkg", g.WHOLE, 4610)
    with pytest.raises(CrsContradicts, match="4610"):
        read_area_file(xian, datum="wgs84")
    assert_is_the_whole(the_only_record(metric, datum="wgs84"))


def test_metres_are_not_taken_for_degrees(tmp_path):
    path = without(write(tmp_path / "areas.shp", projected(g.WHOLE, 4547)), ".prj")
    with pytest.raises(DatumNeedsDegrees):
        read_area_file(path, datum="wgs84")


@pytest.mark.parametrize("srid", ["999999", "GCJ-02", "-1"])
def test_an_unknown_system_is_refused(tmp_path, srid):
    with pytest.raises(CrsUnknown):
        read_area_file(write_geojson(tmp_path / "areas.geojson"), srid=srid)


# Fields and text --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields", [("CODE", "NAME"), ("代码", "名称"), ("XZQDM", "XZQMC"), ("网格编码", "网格名称")]
)
def test_usual_field_names_are_found(tmp_path, fields):
    assert_is_the_whole(the_only_record(write(tmp_path / "areas.gpkg", fields=fields)))


def test_unusual_field_names_are_asked_for_with_the_ones_there_are(tmp_path):
    path = write(tmp_path / "areas.gpkg", fields=("bianhao", "mingzi"))
    with pytest.raises(FieldMissing, match="--code-field.*bianhao, mingzi"):
        read_area_file(path)
    with pytest.raises(FieldMissing, match="--name-field"):
        read_area_file(path, code_field="bianhao", name_field="name")
    assert_is_the_whole(the_only_record(path, code_field="bianhao", name_field="MINGZI"))


@pytest.mark.parametrize("dtype", ["int64", "float64", "int32"])
def test_codes_stored_as_numbers_are_read_as_digits(tmp_path, dtype):
    assert_is_the_whole(the_only_record(write(tmp_path / "areas.gpkg", code=np.dtype(dtype).type(CODE))))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("440105001.0", CODE),
        (" 440105001\t", CODE),
        ("４４０１０５００１", CODE),
        (440105001002003.0, "440105001002003"),
        (440105001.5, "440105001.5"),
        (None, ""),
        (float("nan"), ""),
        ("abc", "abc"),
    ],
)
def test_a_code_is_brought_to_its_digits_and_no_further(value, text):
    assert code_text(value) == text


def test_a_name_becomes_one_clean_line():
    assert name_text(" 江南中\n街道\x00 ") == "江南中 街道"
    assert name_text(float("nan")) == name_text(None) == ""


@pytest.mark.parametrize("fields", [("code", "name"), ("代码", "名称")])
@pytest.mark.parametrize("cpg", ["GBK", "936", "GB2312", None])
def test_gbk_attributes_are_read(tmp_path, fields, cpg):
    path = write(tmp_path / "areas.shp", fields=fields, encoding="GBK")
    path.with_suffix(".cpg").write_text(cpg) if cpg else path.with_suffix(".cpg").unlink()
    assert_is_the_whole(the_only_record(path))


def test_gbk_in_a_zip_with_a_given_encoding_is_read(tmp_path):
    without(write(tmp_path / "areas.shp", encoding="GBK"), ".cpg")
    with zipfile.ZipFile(tmp_path / "areas.zip", "w") as archive:
        for part in tmp_path.glob("areas.[!z]*"):
            archive.write(part, part.name)
    assert_is_the_whole(the_only_record(tmp_path / "areas.zip", encoding="gbk"))


def test_an_encoding_that_nobody_states_is_reported(tmp_path):
    path = without(write(tmp_path / "areas.shp", encoding="GBK"), ".cpg")
    (problem,) = read_area_file(path).problems
    assert (problem.kind, "gb18030" in problem.en) == ("encoding_assumed", True)


def test_text_in_another_encoding_than_stated_is_refused(tmp_path):
    path = write(tmp_path / "areas.shp", encoding="GBK")
    with pytest.raises(EncodingWrong, match="utf-8"):
        read_area_file(path, encoding="utf-8")
    with pytest.raises(EncodingUnknown, match="klingon"):
        read_area_file(path, encoding="klingon")
