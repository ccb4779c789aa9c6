"""Chinese as people type it by ear: whole syllables without tones, or only their first letters."""

from pypinyin import Style, lazy_pinyin


def initials_of(text: str) -> str:
    """First letters of the syllables of `text`, what is no Chinese as it is: "晓港东路12号" is "xgdl12h".

    By the usual reading of words, so that 重庆 is "cq" and 重点 "zd"; a rare name may be read otherwise.
    """
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()


def syllables_of(text: str) -> str:
    """The syllables of `text` with spaces between: "物业管理" is "wu ye guan li"."""
    return " ".join(part.strip().lower() for part in lazy_pinyin(text) if part.strip())
