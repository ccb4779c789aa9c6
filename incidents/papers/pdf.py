"""A paper as PDF, A4, with its fonts inside."""

from dataclasses import replace
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import timezone, translation

from incidents.papers.blocks import Block, Note, all_text, from_json, in_groups, to_json
from incidents.papers.glyphs import MISSING, NOTE, without_missing
from incidents.papers.paper import Paper
from incidents.papers.qr import as_svg

STYLE = Path(__file__).with_name("paper.css")


def pdf_of(paper: Paper) -> bytes:
    """The file. Nothing is fetched: what the page needs is in it."""
    # WeasyPrint takes half a second to import, which only those who print should wait for.
    from weasyprint import CSS, HTML

    paper = replace(paper, blocks=_printable(paper.blocks))
    with translation.override("zh-hans"):
        html = render_to_string(
            "incidents/documents/paper.html",
            {
                "paper": paper,
                "groups": in_groups(paper.blocks),
                "code": as_svg(paper.address),
                "issued": timezone.localtime(paper.issued_at).isoformat(timespec="seconds"),
            },
        )
    fetcher = _no_fetcher()
    style = CSS(string=STYLE.read_text(), url_fetcher=fetcher)
    return HTML(string=html, url_fetcher=fetcher).write_pdf(stylesheets=[style])


def _no_fetcher():
    from weasyprint.urls import URLFetcher

    class Nothing(URLFetcher):
        def fetch(self, url, headers=None):
            raise ValueError("A paper fetches nothing.")

    return Nothing()


def _printable(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """`blocks` with characters that fonts have, and a note where one is missing."""
    clean = from_json(_cleaned(to_json(blocks)))
    return (*clean, Note(NOTE)) if MISSING in all_text(clean) and MISSING not in all_text(blocks) else clean


def _cleaned(value):
    if isinstance(value, str):
        return without_missing(value)
    if isinstance(value, dict):
        return {name: _cleaned(each) for name, each in value.items()}
    return [_cleaned(each) for each in value] if isinstance(value, list | tuple) else value
