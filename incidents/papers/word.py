"""A paper as a Word file, to be edited further: the same blocks, A4, with the fonts that offices have."""

import io

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from incidents.papers.blocks import (
    Fields,
    Heading,
    Lines,
    Note,
    Number,
    Paragraph,
    Signatures,
    Table,
    Title,
    in_groups,
)
from incidents.papers.paper import Paper
from incidents.papers.qr import as_png

SONG, HEI, FANGSONG = "宋体", "黑体", "仿宋"
WIDTH_MM = 156
# Of the six columns of a table of fields, as in the printed paper.
COLUMNS_MM = (30, 48, 22, 17, 17, 22)
BY_HAND = "　　　　年　　月　　日"
ALIGN = WD_ALIGN_PARAGRAPH


def word_of(paper: Paper) -> bytes:
    document = Document()
    _set_page(document, paper)
    for group in in_groups(paper.blocks):
        first = len(document.paragraphs)
        for block in group:
            _WRITERS[type(block)](document, block)
        if isinstance(group[-1], Signatures):
            for paragraph in document.paragraphs[first:-1]:
                paragraph.paragraph_format.keep_with_next = True
    properties = document.core_properties
    properties.author, properties.title = "GridGov", f"{paper.title} {paper.number}"
    properties.comments, properties.created = "", paper.issued_at.replace(tzinfo=None)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_page(document, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(30)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(8), Mm(18)
    section.different_first_page_header_footer = True
    normal = document.styles["Normal"]
    normal.font.size = Pt(14)
    _set_fonts(normal.element.get_or_add_rPr(), FANGSONG)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(0), Pt(24)
    head = section.first_page_header.paragraphs[0]
    head.alignment, head.paragraph_format.line_spacing = ALIGN.RIGHT, 1.0
    _run(head, f"一案一码 {paper.case_number} ", SONG, 9)
    head.add_run().add_picture(as_png(paper.address), width=Mm(25))
    _run(section.header.paragraphs[0], f"编号：{paper.number}", SONG, 10.5)
    for footer in (section.first_page_footer, section.footer):
        _page_of(footer.paragraphs[0])


def _page_of(paragraph) -> None:
    """第 x 页 共 y 页, counted by Word."""
    paragraph.alignment = ALIGN.CENTER
    for text, field in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES"), (" 页", "")):
        _run(paragraph, text, SONG, 10.5)
        if field:
            element = OxmlElement("w:fldSimple")
            element.set(qn("w:instr"), field)
            paragraph._p.append(element)


def _title(document, block: Title) -> None:
    paragraph = _paragraph(document, block.text, font=HEI, size=22)
    paragraph.alignment, paragraph.paragraph_format.line_spacing = ALIGN.CENTER, Pt(32)
    paragraph.paragraph_format.space_after = Pt(10)


def _number(document, block: Number) -> None:
    paragraph = _paragraph(document, block.text)
    paragraph.alignment, paragraph.paragraph_format.space_after = ALIGN.RIGHT, Pt(14)


def _heading(document, block: Heading) -> None:
    paragraph = _paragraph(document, block.text, font=HEI)
    paragraph.paragraph_format.space_before = Pt(10)
    paragraph.paragraph_format.keep_with_next = True


def _text(document, block: Paragraph) -> None:
    paragraph = _paragraph(document, block.text)
    if not block.flush:
        paragraph.paragraph_format.first_line_indent = Pt(28)


def _note(document, block: Note) -> None:
    _paragraph(document, block.text, size=12)


def _lines(document, block: Lines) -> None:
    table = _table(document, block.count, 1)
    for row in table.rows:
        row.height = Mm(9)
    _borders(table, ("bottom", "insideH"))


def _fields(document, block: Fields) -> None:
    table = _table(document, len(block.rows), len(COLUMNS_MM))
    _borders(table)
    for row, fields in zip(table.rows, block.rows, strict=True):
        row.height = Mm(9)
        cells = row.cells
        for cell, width in zip(cells, COLUMNS_MM, strict=True):
            cell.width = Mm(width)
        last = 2 * len(fields) - 1
        if last < len(cells) - 1:
            cells[last].merge(cells[-1])
        for position, (label, value) in enumerate(fields):
            _fill(row.cells[2 * position], label, font=HEI, alignment=ALIGN.CENTER)
            _fill(row.cells[2 * position + 1], value)


def _terms(document, block: Table) -> None:
    table = _table(document, 1 + len(block.rows), len(block.headings))
    _borders(table)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for cell, heading in zip(table.rows[0].cells, block.headings, strict=True):
        _fill(cell, heading, font=HEI, alignment=ALIGN.CENTER)
    # One call for each row: `cells` is worked out anew at each.
    for row, texts in zip(table.rows[1:], block.rows, strict=True) if block.rows else ():
        for position, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            _fill(cell, text, alignment=ALIGN.RIGHT if position in block.figures else ALIGN.LEFT)


def _signatures(document, block: Signatures) -> None:
    if block.people:
        table = _table(document, (len(block.people) + 1) // 2, 2)
        for row in table.rows:
            row.height = Mm(20)
        cells = [cell for row in table.rows for cell in row.cells]
        for cell, person in zip(cells, block.people, strict=False):
            _fill(cell, person, size=13)
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True
    place = [f"{block.seal}", "（印章）"] if block.seal else []
    for text in (*place, block.date or BY_HAND):
        paragraph = _paragraph(document, text)
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.left_indent = Mm(WIDTH_MM - 106)
        paragraph.paragraph_format.keep_with_next = text != (block.date or BY_HAND)
        paragraph.paragraph_format.space_before = Pt(24 if text == block.seal else 4)


_WRITERS = {
    Title: _title,
    Number: _number,
    Heading: _heading,
    Paragraph: _text,
    Note: _note,
    Lines: _lines,
    Fields: _fields,
    Table: _terms,
    Signatures: _signatures,
}


def _table(document, rows: int, columns: int):
    table = document.add_table(rows, columns)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for row in table.rows:
        # A row is not torn by a page's end.
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return table


def _borders(table, sides=("top", "left", "bottom", "right", "insideH", "insideV")) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in sides:
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("color", "000000")):
            edge.set(qn(f"w:{name}"), value)
        borders.append(edge)
    table._tbl.tblPr.append(borders)


def _fill(cell, text: str, *, font: str = FANGSONG, size: float = 12, alignment=ALIGN.LEFT) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment, paragraph.paragraph_format.line_spacing = alignment, Pt(20)
    _run(paragraph, text, font, size)


def _paragraph(document, text: str, *, font: str = FANGSONG, size: float = 14):
    paragraph = document.add_paragraph()
    _run(paragraph, text, font, size)
    return paragraph


def _run(paragraph, text: str, font: str, size: float) -> None:
    # XML takes no control characters; a line's end becomes Word's own.
    allowed = (each for each in text if each == "\n" or " " <= each not in "\ufffe\uffff")
    run = paragraph.add_run("".join(allowed))
    run.font.size = Pt(size)
    _set_fonts(run._r.get_or_add_rPr(), font)


def _set_fonts(properties, font: str) -> None:
    """For Latin letters and, apart, for Chinese: Word looks each up by itself."""
    fonts = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)
