"""Names that come in Chinese and English, where no message catalogue holds them."""

from django.utils.translation import get_language


def in_page_language(chinese: str, english: str) -> str:
    """The one that the reader of the page chose; Chinese where there is no page."""
    return english if (get_language() or "").startswith("en") else chinese
