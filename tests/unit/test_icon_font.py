"""The font of icons: every icon that a page shows is in it."""

import json

from fontTools.ttLib import TTFont

from gridgov.setup.icon_font import ICONS, SOURCE, icons_named
from incidents import story
from incidents.notices import words


def names_in_font() -> set[str]:
    """Names of icons whose sign the font has and whose rule the stylesheet has."""
    codes = TTFont(ICONS / "icons.woff2").getBestCmap()
    rules = (ICONS / "icons.css").read_text()
    every = json.loads((SOURCE / "bootstrap-icons.json").read_text())
    return {
        name for name, code in every.items()
        if code in codes and f'.bi-{name}::before{{content:"\\{code:x}"}}' in rules
    }


def test_the_font_has_the_icons_of_tables_and_of_what_templates_put_together():
    here = names_in_font()

    assert set(story.ICONS.values()) <= here
    assert set(words.ICONS.values()) <= here
    assert {"bell", "bell-fill", "tools", "shield-lock", "signpost-split", "house", "diagram-3"} <= here
    assert (ICONS / "icons.woff2").stat().st_size < 20_000


def test_icons_are_found_however_their_names_are_written(tmp_path):
    template, script, module = (tmp_path / name for name in ("a.html", "a.js", "a.py"))
    template.write_text('<i class="bi bi-bell{% if unread %}-fill{% endif %}"></i> <i class="bi bi-map"></i>'
                        '<i class="bi bi-{% if a >= 500 %}tools{% else %}lock{% endif %}" aria-hidden></i>')
    script.write_text("place.className = `bi bi-send`; const icon = 'house';")
    module.write_text('ICONS = {REPORT: "megaphone"}')

    found = icons_named([template, script, module])

    assert {"bell", "bell-fill", "map", "tools", "lock", "send", "house", "megaphone"} <= found
