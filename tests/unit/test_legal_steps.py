"""What comes next in the legal loop, and how codes and plain words are written."""

from datetime import timedelta

import pytest

from incidents.legal_steps import LegalFacts, LegalStep, next_legal_step
from incidents.party_code_text import ALPHABET, in_groups, read_code
from incidents.public_words import WORDS, time_words
from incidents.workflow import State as S

N = LegalStep


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        ({"state": S.REPORTED}, N.ACCEPT),
        ({"state": S.RETURNED}, N.ACCEPT),
        ({"state": S.SUSPENDED}, N.RESUME),
        ({"state": S.ACCEPTED}, N.MEDIATE),
        ({"state": S.MEDIATING}, N.MEDIATE),
        ({"state": S.MEDIATING, "records": 1}, N.AGREE),
        ({"state": S.FAILED, "records": 2}, N.MEDIATE_AGAIN),
        ({"state": S.AGREED}, N.WRITE_TERMS),
        ({"state": S.AGREED, "agreement": True, "may_apply": True}, N.APPLY),
        ({"state": S.AGREED, "agreement": True}, N.VISIT),
        ({"state": S.AGREED, "agreement": True, "last_visit": "kept"}, N.VISIT),
        ({"state": S.CONFIRMATION_PENDING, "agreement": True, "last_visit": "broken"}, N.DECIDE),
        ({"state": S.CONFIRMED, "agreement": True}, N.VISIT),
        ({"state": S.CONFIRMED, "agreement": True, "last_visit": "broken"}, N.BREACH),
        ({"state": S.FOLLOW_UP, "agreement": True, "last_visit": "broken"}, N.BREACH),
        ({"state": S.FOLLOW_UP, "agreement": True, "last_visit": "unreached"}, N.VISIT),
        ({"state": S.FOLLOW_UP, "agreement": True, "last_visit": "partly"}, N.VISIT),
        ({"state": S.FOLLOW_UP, "agreement": True, "last_visit": "kept"}, N.CLOSE),
        (
            {
                "state": S.FOLLOW_UP,
                "agreement": True,
                "last_visit": "kept",
                "open_instalments": 2,
                "overdue_instalments": 1,
            },
            N.PAYMENT,
        ),
        ({"state": S.CLOSED, "agreement": True}, N.DONE),
        ({"state": S.CLOSED, "agreement": True, "open_instalments": 1}, N.PAYMENT),
        ({"state": S.TRANSFERRED, "open_instalments": 1}, N.DONE),
        ({"state": S.VOID}, N.DONE),
    ],
)
def test_one_step_is_next(facts, step):
    assert next_legal_step(LegalFacts(**facts)) is step


def test_the_alphabet_has_thirty_characters_and_none_that_look_alike():
    assert len(set(ALPHABET)) == 30
    assert not set(ALPHABET) & set("01ILOU")


def test_a_code_is_read_as_it_was_grouped():
    assert in_groups("23456789ABCD") == "2345-6789-ABCD"
    assert read_code("2345 6789—abcd") == "23456789ABCD"
    assert read_code("2345-6789-ABC") is None


def test_every_state_has_words_in_both_languages():
    assert set(WORDS) == set(S)
    assert all(text for words in WORDS.values() for text in (*words.now, *words.then))


@pytest.mark.parametrize(
    ("left", "zh"),
    [
        (timedelta(minutes=-1), "抓紧"),
        (timedelta(hours=3), "一天"),
        (timedelta(days=5), "一周"),
        (timedelta(days=40), "一个月以上"),
    ],
)
def test_by_when_is_said_in_general_words(left, zh):
    assert zh in time_words(left)[0]


def test_where_no_clock_runs_nothing_is_said():
    assert time_words(None) is None
