"""The domain's sentences are written "中文。 / English.": files and programs have no language, pages do."""

from grids.language import in_page_language

SEPARATOR = " / "


def in_readers_language(sentence: str) -> str:
    """The half of `sentence` in the page's language; all of it where it has only one."""
    chinese, separator, english = sentence.partition(SEPARATOR)
    if not separator:
        return sentence
    return in_page_language(chinese, english)
