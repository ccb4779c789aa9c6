"""What a tile layer's address means for the content security policy."""

import re
from urllib.parse import urlsplit


def tile_sources(url: str) -> list[str]:
    """Where images of the tile layer at `url` come from: `https://{s}.tiles.example/{z}/{x}/{y}.png`
    gives `https://*.tiles.example`. None for no layer, or for one of our own server."""
    host = urlsplit(url).netloc
    return [f"{urlsplit(url).scheme}://{re.sub(r'^[^.]*{[^}]*}[^.]*', '*', host)}"] if host else []
