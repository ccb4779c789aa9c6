"""What a tile layer's settings mean for the content security policy and for the maps of the back office."""

import html
import re
from urllib.parse import urlsplit


def tile_sources(url: str) -> list[str]:
    """Where images of the tile layer at `url` come from: `https://{s}.tiles.example/{z}/{x}/{y}.png`
    gives `https://*.tiles.example`. None for no layer, or for one of our own server."""
    host = urlsplit(url).netloc
    return [f"{urlsplit(url).scheme}://{re.sub(r'^[^.]*{[^}]*}[^.]*', '*', host)}"] if host else []


def back_office_tiles(url: str, attribution: str, datum: str) -> list[tuple[str, str, dict]]:
    """django-leaflet's TILES. Its maps do not shift what is drawn, so a ground in another datum than WGS84,
    some 500 m beside every boundary, is left out."""
    if not url or datum != "wgs84":
        return []
    # Leaflet puts the attribution into the page as HTML.
    return [("", url, {"attribution": html.escape(attribution), "maxZoom": 20})]
