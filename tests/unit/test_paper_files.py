"""Papers as PDF and Word: opened again and looked at."""

import io
import logging
import re
from dataclasses import replace

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from incidents.papers import forms
from incidents.papers.blocks import Paragraph, all_text
from incidents.papers.facts import PartyFacts
from incidents.papers.glyphs import is_printable
from incidents.papers.numbering import Kind
from incidents.papers.pdf import pdf_of
from incidents.papers.qr import case_code
from incidents.papers.word import word_of
from tests.factories.papers import ADDRESS, AGREED, CASE, all_forms, paper_of

A4 = pytest.approx((595.28, 841.89), abs=0.5)
CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
PER_MM = 12


class Opened:
    """A PDF as its reader has it."""

    def __init__(self, content: bytes):
        with pypdfium2.PdfDocument(content) as document:
            pages = [document[n] for n in range(len(document))]
            self.sizes = [page.get_size() for page in pages]
            self.pages = [self._text(page) for page in pages]
            self.first = pages[0].render(scale=PER_MM * 25.4 / 72, grayscale=True).to_pil()
            for page in pages:
                page.close()

    def _text(self, page) -> str:
        text = page.get_textpage()
        try:
            return text.get_text_bounded().replace("\r\n", "")
        finally:
            text.close()


def long_agreement(case=CASE):
    clause = "梁志强应当按照约定的时间和方式履行义务,逾期未履行的,陈秀英可以向人民法院起诉。"
    terms = "\n".join(clause * (1 + n % 4) for n in range(16)) + "\n最后一条:双方各自保管证据。"
    return forms.agreement("海民调协〔2026〕000123号-01", case, replace(AGREED, terms=terms, instalments=()))


@pytest.fixture
def missing_glyphs(caplog):
    caplog.set_level(logging.WARNING, logger="weasyprint")
    return caplog


@pytest.mark.parametrize("kind", Kind)
def test_a_paper_is_a4_with_every_character_and_its_pages_counted(kind, missing_glyphs):
    blocks = all_forms()[kind]
    opened = Opened(pdf_of(paper_of(blocks, kind)))

    assert all(size == A4 for size in opened.sizes)
    assert len(opened.pages) <= 2
    text = "".join(opened.pages)
    assert not set(CHINESE.findall(all_text(blocks))) - set(text)
    assert not missing_glyphs.records
    for number, page in enumerate(opened.pages, start=1):
        assert re.search(rf"第\s*{number}\s*页\s*共\s*{len(opened.pages)}\s*页", page)


def test_a_long_agreement_keeps_its_number_on_each_page_and_its_last_clause_with_the_signatures():
    blocks = long_agreement()
    opened = Opened(pdf_of(paper_of(blocks)))

    assert len(opened.pages) >= 3
    assert all("海民调协〔2026〕000123号-01" in page for page in opened.pages)
    assert "本协议自各方当事人签名" in opened.pages[-1]
    for words in (
        "甲方　陈秀英",
        "乙方　梁志强",
        "人民调解员",
        "记录人",
        CASE.body,
        "（印章）",
        "2026年3月9日",
    ):
        assert words.replace("　", "") in opened.pages[-1].replace("　", "").replace(" ", "")


def test_rare_characters_of_names_are_printed_where_a_font_has_them(missing_glyphs):
    case = replace(CASE, parties=(PartyFacts("冼䶮滘", role="申请人"), PartyFacts("亓官赟昇")))
    opened = Opened(pdf_of(paper_of(forms.agreement("号", case, AGREED))))

    assert "冼䶮滘" in "".join(opened.pages)
    assert "亓官赟昇" in "".join(opened.pages)
    assert not missing_glyphs.records


def test_a_character_that_no_font_has_is_marked_and_explained_in_print_and_kept_in_word(missing_glyphs):
    lacking = next(chr(code) for code in range(0x2EBF0, 0x2EE5D) if not is_printable(chr(code)))
    case = replace(CASE, parties=(PartyFacts(f"欧阳{lacking}"), PartyFacts("梁志强")))
    paper = paper_of(forms.agreement("号", case, AGREED))
    text = "".join(Opened(pdf_of(paper)).pages)

    assert "欧阳〓" in text
    assert "打印字库没有收录" in text
    assert lacking not in text
    assert not missing_glyphs.records
    assert f"欧阳{lacking}" in words_of(word_of(paper))


def test_the_code_on_the_first_page_is_that_of_the_cases_address():
    picture = Opened(pdf_of(paper_of(all_forms()[Kind.AGREEMENT]))).first
    # 25 mm wide, ending at the right margin of 26 mm above the text that begins at 37 mm.
    corner = picture.crop((159 * PER_MM, 5 * PER_MM, 188 * PER_MM, 37 * PER_MM)).point(
        lambda v: v < 128 and 255
    )
    matrix = [[bool(dark) for dark in row] for row in case_code(ADDRESS).matrix]
    # Its left and right edges are columns with the seven dark modules of a corner's square.
    left = next(x for x in range(corner.width) if _dark_run(corner, x) > 6 * 6)
    right = next(x for x in reversed(range(corner.width)) if _dark_run(corner, x) > 6 * 6)
    top = next(y for y in range(corner.height) if corner.getpixel((left + 5, y)))
    side = (right - left + 1) / len(matrix)
    seen = [
        [
            bool(corner.getpixel((round(left + (x + 0.5) * side), round(top + (y + 0.5) * side))))
            for x in range(len(matrix))
        ]
        for y in range(len(matrix))
    ]

    assert seen == matrix
    assert side / PER_MM >= 0.4, "modules too small for a telephone's camera"


def _dark_run(picture, x: int) -> int:
    """Longest unbroken line of dark pixels in column `x`."""
    longest = run = 0
    for y in range(picture.height):
        run = run + 1 if picture.getpixel((x, y)) else 0
        longest = max(longest, run)
    return longest


def test_what_looks_like_markup_is_printed_and_nothing_is_fetched(missing_glyphs):
    hostile = '</p><img src="http://127.0.0.1:9/x.png"><script>1</script>{{ 7 }}'
    opened = Opened(pdf_of(paper_of((*all_forms()[Kind.RECORD][:-1], Paragraph(hostile)))))

    assert "127.0.0.1" in "".join(opened.pages)
    assert not missing_glyphs.records


def test_control_characters_break_neither_file():
    paper = paper_of((Paragraph("甲\x0b乙\x00丙\u200b丁\uffff"),))

    assert "甲乙丙丁" in "".join(Opened(pdf_of(paper)).pages)
    assert "甲乙丙" in words_of(word_of(paper))


def test_a_number_prints_the_same_paper_twice():
    paper = paper_of(all_forms()[Kind.AGREEMENT])

    assert pdf_of(paper) == pdf_of(paper)


@pytest.mark.parametrize("kind", Kind)
def test_the_word_file_says_the_same_on_a4_in_chinese_fonts(kind):
    blocks = all_forms()[kind]
    content = word_of(paper_of(blocks, kind))
    document = docx.Document(io.BytesIO(content))

    section = document.sections[0]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    assert not set(CHINESE.findall(all_text(blocks))) - set(words_of(content))
    runs = document.element.body.iter(qn("w:r"))
    fonts = {run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}").get(qn("w:eastAsia")) for run in runs}
    assert fonts <= {"宋体", "仿宋", "黑体"} and "仿宋" in fonts
    assert section.first_page_header._element.findall(f".//{qn('w:drawing')}")
    for footer in (section.first_page_footer, section.footer):
        fields = [each.get(qn("w:instr")) for each in footer._element.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]


def words_of(content: bytes) -> str:
    """All text of a Word file's body."""
    body = docx.Document(io.BytesIO(content)).element.body
    return "".join(text.text or "" for text in body.iter(qn("w:t")))
