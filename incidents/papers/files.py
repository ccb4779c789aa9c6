"""The forms of file in which a paper is had."""

from incidents.papers.paper import Paper
from incidents.papers.pdf import pdf_of
from incidents.papers.word import word_of

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_MAKERS = {"pdf": pdf_of, "docx": word_of}


def file_of(paper: Paper, form: str) -> bytes:
    """`paper` as "pdf" or "docx"."""
    return _MAKERS[form](paper)
