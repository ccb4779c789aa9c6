"""What papers say, before they are files."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from incidents.papers import forms
from incidents.papers.blocks import (
    BlocksInvalid,
    Clauses,
    Heading,
    Note,
    Paragraph,
    Signatures,
    Table,
    all_text,
    from_json,
    in_groups,
    numeral,
    to_json,
)
from incidents.papers.facts import PartyFacts
from incidents.papers.numbering import NAMES, SIGNS, Kind, paper_number
from incidents.papers.wording import clauses_of, day, in_words, typeset
from tests.factories.papers import AGREED, CASE, all_forms, number_of


@pytest.mark.parametrize("kind", Kind)
def test_a_paper_is_the_same_after_it_was_kept_as_json(kind):
    blocks = all_forms()[kind]

    assert from_json(json.loads(json.dumps(to_json(blocks)))) == blocks


@pytest.mark.parametrize(
    "data", [[{"block": "picture"}], [{"text": "甲"}], [{"block": "title", "words": "甲"}], ["甲"], [3]]
)
def test_what_is_no_blocks_is_refused(data):
    with pytest.raises(BlocksInvalid):
        from_json(data)


def test_a_number_says_district_kind_year_case_and_place_in_the_case():
    number = paper_number(district="海珠区", case_number="HZ2026-000123", kind=Kind.AGREEMENT, sequence=2)

    assert number == "海民调协〔2026〕000123号-02"


def test_no_two_kinds_cases_or_places_share_a_number():
    numbers = {
        paper_number(district="海珠区", case_number=case, kind=kind, sequence=sequence)
        for case in ("HZ2025-000123", "HZ2026-000123", "HZ2026-001230", "HZ2026-1000123")
        for kind in Kind
        for sequence in (1, 2, 10, 23, 100)
    }

    assert len(numbers) == 4 * len(Kind) * 5
    assert set(SIGNS) == set(NAMES) == set(Kind)


@pytest.mark.parametrize("case_number", ["", "HZ2026", "HZ2026-12a"])
def test_a_case_without_a_number_gives_none(case_number):
    with pytest.raises(ValueError):
        paper_number(district="海珠区", case_number=case_number, kind=Kind.RECORD, sequence=1)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1", "壹元整"),
        ("10.05", "壹拾元零伍分"),
        ("105", "壹佰零伍元整"),
        ("1000.10", "壹仟元壹角整"),
        ("10005", "壹万零伍元整"),
        ("12000.50", "壹万贰仟元伍角整"),
        ("100000", "壹拾万元整"),
        ("1050020", "壹佰零伍万零贰拾元整"),
        ("100000001", "壹亿零壹元整"),
        ("123456789.12", "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分"),
        ("10010000", "壹仟零壹万元整"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_a_sum_is_written_in_capital_numerals(amount, words):
    assert in_words(Decimal(amount)) == words


@pytest.mark.parametrize("typed", ["一、", "1. ", "(一)", "（2）", "第一条 ", "十二、", "3、", ""])
def test_a_number_typed_before_a_clause_gives_way_to_the_papers_own(typed):
    assert clauses_of(f"{typed}甲方付款\n\n{typed}乙方收货") == ("甲方付款", "乙方收货")


def test_a_sum_at_the_beginning_of_a_clause_is_no_number_of_it():
    assert clauses_of("3.5万元于当日付清\n12,000元另付") == ("3.5万元于当日付清", "12,000元另付")


def test_punctuation_typed_half_width_is_printed_full_width_but_not_within_numbers():
    assert (
        typeset("赔偿12,000元(壹万贰仟元),3:00前付清;见附件(a,b).")
        == "赔偿12,000元（壹万贰仟元），3:00前付清；见附件(a,b)."
    )


def test_days_have_no_leading_zeros():
    assert day(date(2026, 3, 2)) == "2026年3月2日"


def test_numerals_of_clauses():
    assert [numeral(n) for n in (1, 10, 11, 20, 99)] == ["一", "十", "十一", "二十", "九十九"]


@pytest.mark.parametrize("kind", Kind)
def test_every_paper_has_its_number_its_parties_and_a_place_to_sign_or_seal(kind):
    blocks = all_forms()[kind]
    text = all_text(blocks)

    assert number_of(kind) in text
    assert all(party.name in text for party in CASE.parties)
    assert isinstance(blocks[-1], Signatures)
    assert blocks[-1].people or blocks[-1].seal


@pytest.mark.parametrize("kind", [Kind.APPLICATION, Kind.AGREEMENT, Kind.CONFIRMATION])
def test_identity_number_and_address_are_left_to_be_written_by_hand(kind):
    fields = [
        field for block in all_forms()[kind] if block.block == "fields" for row in block.rows for field in row
    ]

    assert fields.count(("身份证号", "")) == fields.count(("住址", "")) == 2
    assert not {"民族", "学历"} & {label for label, _ in fields}


def test_an_agreement_has_signatures_of_all_sides_the_mediator_and_the_committees_seal():
    signatures = all_forms()[Kind.AGREEMENT][-1]

    assert [person[:2] for person in signatures.people] == ["甲方", "乙方", "人民", "记录"]
    assert signatures.seal == CASE.body
    assert signatures.date == "2026年3月9日"


def test_an_agreement_by_word_of_mouth_is_registered_and_not_signed_by_the_parties():
    blocks = forms.agreement("号", CASE, replace(AGREED, oral=True))

    assert blocks[0].text == "人民调解口头协议登记表"
    assert not any("甲方" in person for person in blocks[-1].people)


def test_instalments_are_a_table_with_the_sum_in_words():
    blocks = all_forms()[Kind.AGREEMENT]

    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert table.rows[0] == ("1", "第1期赔偿款，银行转账", "4,000.00", "2026年4月15日")
    assert "人民币壹万贰仟元整（12,000.00元）" in all_text(blocks)


def test_a_body_that_is_no_peoples_committee_does_not_use_its_forms_name():
    blocks = forms.agreement("号", replace(CASE, body="海珠区商事调解中心", people=False), AGREED)

    assert blocks[0].text == "调解协议书"
    assert "人民调解" not in all_text(blocks)


@pytest.mark.parametrize("people", [True, False])
def test_the_peoples_mediation_law_is_cited_only_for_peoples_mediation(people):
    text = all_text(all_forms(replace(CASE, people=people))[Kind.CONFIRMATION])

    assert ("《中华人民共和国人民调解法》第三十三条" in text) is people
    assert "《中华人民共和国民事诉讼法》的有关规定，共同申请司法确认" in text


def test_the_month_is_said_to_count_from_the_beginning_of_the_mediation_as_it_does():
    assert "自开始调解之日起一个月内" in all_text(all_forms()[Kind.ACCEPTANCE])


def test_without_a_body_there_is_room_for_its_name():
    assert "________人民调解委员会" in all_forms(replace(CASE, body=""))[Kind.AGREEMENT][-1].seal


def test_the_joint_application_is_by_both_sides_and_names_agreement_and_court():
    text = all_text(all_forms()[Kind.CONFIRMATION])

    assert (
        "请求确认申请人陈秀英与梁志强于2026年3月9日达成的《人民调解协议书》（海民调协〔2026〕000123号-03）有效。"
        in text
    )
    assert "广州市海珠区人民法院" in text
    assert "被申请人" not in text


def test_who_answers_is_not_among_the_applicants():
    parties = (PartyFacts("甲某", role="被申请人"), PartyFacts("乙某", role="申请人"))
    rows = forms.application("号", replace(CASE, parties=parties))[2].rows

    assert [row[0] for row in rows if row[0][1]][:1] == [("申请人", "乙某")]
    assert ("被申请人", "甲某") in [row[0] for row in rows]


def test_signatures_bring_the_last_clause_with_them():
    long, signatures = "某" * 2000, Signatures(("甲方",))

    groups = in_groups([Paragraph("一"), Clauses((long, long)), signatures])

    assert groups[-1] == (Paragraph(f"二、{long}"), signatures)


def test_a_heading_stays_with_what_follows_and_a_sum_with_its_table():
    table, note = Table(("期次",), (("1",),)), Note("合计")

    assert in_groups([Heading("履行"), table, note, Paragraph("某")])[0] == (Heading("履行"), table, note)


def test_groups_lose_nothing():
    for blocks in all_forms().values():
        kept = [block for group in in_groups(blocks) for block in group]
        assert all_text(kept).replace("、", "").startswith(all_text(blocks)[:20].replace("、", ""))
        assert len(all_text(kept)) >= len(all_text(blocks))
