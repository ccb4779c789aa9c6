"""The map as one file that opens without a network: folium, with every script and style inside.

folium links Leaflet, jQuery, Bootstrap and icon fonts from other hosts. Here its lists are emptied and what
is needed is put in as text: Leaflet from django-leaflet, leaflet.heat from npm. No colour map of branca's is
used, since that hard-codes a link to d3. The frame (title, legend, table) is a Django template.
"""

import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

import folium
import numpy as np
import shapely
from branca.element import Element, Figure
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from folium.plugins import HeatMap

from maps import palette
from maps.classes import ValueClass, class_of, count_classes, rate_classes
from maps.heat import BLUR_PX, RADIUS_PX, full_count
from maps.screen import Box
from maps.selectors import AreaCount, AreaCounts, Boundary, Cluster


@dataclass(frozen=True)
class Export:
    """What the file shows. `facts` are words for its head; `squares` and `clusters` are None if not shown."""

    facts: dict
    measure: str
    counts: AreaCounts
    boundaries: list[Boundary]
    squares: np.ndarray | None
    clusters: list[Cluster] | None


class Verbatim(Element):
    """Text that goes into the page as it is. branca would read an Element's text as a Jinja template."""

    def __init__(self, text: str):
        super().__init__()
        self.text = text

    def render(self, **kwargs) -> str:
        return self.text


def extent_of(boundaries: list[Boundary]) -> Box:
    """The box around all boundaries, in WGS84 degrees."""
    return Box(*shapely.total_bounds([shapely.from_geojson(each.geojson) for each in boundaries]).tolist())


def export_page(export: Export) -> str:
    """The file's HTML."""
    classes = _classes(export)
    page = _empty_map(extent_of(export.boundaries))
    _shades(export, classes).add_to(page)
    if export.squares is not None and export.squares.size:
        _heat(export.squares).add_to(page)
    if export.clusters:
        _circles(export.clusters).add_to(page)
    folium.LayerControl(collapsed=False).add_to(page)
    figure: Figure = page.get_root()
    figure.title = escape(export.facts["title"])
    figure.header.add_child(Verbatim(_inline_assets()), name="assets")
    figure.html.add_child(Verbatim(_frame(export, classes)), name="frame")
    return figure.render().replace("<html>", f'<html lang="{escape(get_language() or "zh-hans")}">', 1)


def _empty_map(extent: Box) -> folium.Map:
    page = folium.Map(
        location=[(extent.south + extent.north) / 2, (extent.west + extent.east) / 2],
        tiles=None, max_zoom=20, zoom_snap=0.25, control_scale=True, attribution_control=False,
    )
    page.default_js, page.default_css = [], []
    page.fit_bounds([[extent.south, extent.west], [extent.north, extent.east]])
    return page


def _classes(export: Export) -> list[ValueClass]:
    classes_of = count_classes if export.measure == "count" else rate_classes
    return classes_of([getattr(area, export.measure) for area in export.counts.areas])


def _shades(export: Export, classes: list[ValueClass]) -> folium.GeoJson:
    areas = {area.code: area for area in export.counts.areas}

    def style(feature: dict) -> dict:
        index = class_of(getattr(areas[feature["id"]], export.measure), classes)
        colour = palette.NOTHING if index is None else palette.SHADES[index]
        return {"color": palette.LINE, "weight": 1, "fillColor": colour, "fillOpacity": 0.8}

    features = [
        {
            "type": "Feature",
            "id": boundary.code,
            "properties": {"words": _as_html(_area_words(areas[boundary.code]))},
            "geometry": json.loads(boundary.geojson),
        }
        for boundary in export.boundaries
    ]
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        name=escape(_("底色")), style_function=style,
        tooltip=folium.GeoJsonTooltip(["words"], labels=False),
    )


def _heat(squares: np.ndarray) -> folium.FeatureGroup:
    heat = HeatMap(
        squares[:, [1, 0, 2]].round(6).tolist(), control=False, min_opacity=0.01,
        radius=RADIUS_PX, blur=BLUR_PX, max_zoom=0, max=full_count(squares[:, 2]),
        gradient=dict(zip(map(str, palette.HEAT_STOPS), palette.HEAT, strict=True)),
    )
    heat.default_js = []
    # max_zoom=0 keeps the heat from fading with the zoom; a layer of its own would be switched off above it.
    group = folium.FeatureGroup(name=escape(_("热力")))
    heat.add_to(group)
    return group


def _circles(clusters: list[Cluster]) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name=escape(_("案件")))
    for cluster in clusters:
        words = _("%(count)s 起纠纷") % {"count": cluster.count}
        if cluster.case:
            words = f"{words} {cluster.case.case_number}"
        icon = folium.DivIcon(html=str(cluster.count), class_name="gg-circle", icon_size=(32, 32))
        folium.Marker([cluster.lat, cluster.lon], icon=icon, tooltip=_as_html(words)).add_to(group)
    return group


def _as_html(text: str) -> str:
    """`text` for a tooltip, which Leaflet puts in as HTML.

    folium renders a layer's script and then reads the result as a Jinja template once more: a brace
    of a name must not be one there.
    """
    return escape(text).replace("{", "&#123;")


def _frame(export: Export, classes: list[ValueClass]) -> str:
    """Head, legend and table. The template escapes every name."""
    most_first = sorted(export.counts.areas, key=lambda area: (-getattr(area, export.measure), area.code))
    return render_to_string(
        "maps/export_frame.html",
        {
            "facts": export.facts,
            "measure": export.measure,
            "counts": export.counts,
            "areas": most_first,
            "classes": list(zip(palette.SHADES, classes, strict=False)),
            "nothing": palette.NOTHING,
            "heat": palette.HEAT if export.squares is not None else None,
            "circles": export.clusters is not None,
        },
    )


def _area_words(area: AreaCount) -> str:
    return _("%(name)s:%(count)s 起,每平方公里 %(rate).3g 起") % {
        "name": area.name, "count": area.count, "rate": area.per_km2,
    }


def _inline_assets() -> str:
    """Leaflet and leaflet.heat as text, without the pictures and source maps that they point to."""
    css = re.sub(r"url\([^)]*\)", "none", _static_text("leaflet/leaflet.css"))
    scripts = [_static_text("leaflet/leaflet.js"), _static_text("leaflet.heat/leaflet-heat.js")]
    inline = [f"<script>{re.sub(r'//# sourceMappingURL=.*', '', text)}</script>" for text in scripts]
    return "\n".join([f"<style>{css}{_static_text('maps/export.css')}</style>", *inline])


def _static_text(name: str) -> str:
    return Path(finders.find(name)).read_text(encoding="utf-8")
