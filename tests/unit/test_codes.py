"""The code tables."""

import pytest

from incidents.category_words import CATEGORY_WORDS
from incidents.codes import (
    CATEGORIES,
    CATEGORY_GROUPS,
    RISKS,
    SCALES,
    SOURCES,
    category_label,
)


def test_every_category_belongs_to_a_group_and_every_group_has_one():
    assert {code[:2] for code in CATEGORIES} == set(CATEGORY_GROUPS)
    assert all(len(code) == 4 and code.isdigit() for code in CATEGORIES)


def test_every_group_but_two_has_an_other():
    assert {group for group in CATEGORY_GROUPS if f"{group}99" not in CATEGORIES} == {"14", "16"}


@pytest.mark.parametrize("table", [CATEGORY_GROUPS, CATEGORIES, SCALES, SOURCES, RISKS])
def test_every_code_has_a_name_in_chinese_and_in_english(table):
    for chinese, english in table.values():
        assert not chinese.isascii()
        assert english.isascii()


@pytest.mark.parametrize(
    ("code", "language", "label"),
    [
        ("0402", "zh-hans", "物权 · 物业管理"),
        ("0402", "en", "Property rights · Property management"),
        ("0402", "en-gb", "Property rights · Property management"),
        ("0299", "zh-hans", "邻里 · 其他"),
        ("9999", "zh-hans", "其他"),
    ],
)
def test_a_category_is_named_with_its_group(code, language, label):
    assert category_label(code, language) == label


def test_the_tables_are_as_large_as_published():
    named = 3 + 3 + 3 + 3 + 7 + 4 + 4 + 4 + 4 + 6 + 5 + 3 + 7 + 4 + 2 + 2
    assert len(CATEGORIES) == named + len(CATEGORY_GROUPS) - 2
    assert (len(CATEGORY_GROUPS), len(SCALES), len(SOURCES)) == (17, 3, 10)


@pytest.mark.parametrize(
    "word",
    [
        *(
            "噪声",
            "噪音",
            "漏水",
            "渗水",
            "吵架",
            "打架",
            "养狗",
            "狗",
            "广场舞",
            "停车",
            "电动车",
            "拖欠工资",
            "欠薪",
        ),
        *(
            "工资",
            "房租",
            "租房",
            "电梯",
            "垃圾",
            "离婚",
            "家暴",
            "退款",
            "快递",
            "医院",
            "学校",
            "邻居",
            "楼道",
            "堆物",
        ),
        *("油烟", "装修", "高空抛物", "业委会", "noise", "parking", "wages", "rent"),
    ],
)
def test_an_everyday_word_finds_a_category(word):
    assert [code for code, words in CATEGORY_WORDS.items() if any(word in known for known in words)]


def test_everyday_words_belong_to_categories_that_exist():
    assert set(CATEGORY_WORDS) <= set(CATEGORIES)
    assert all(words and len(set(words)) == len(words) for words in CATEGORY_WORDS.values())
