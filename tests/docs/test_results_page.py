"""docs/results.md says of every figure and set of cases what the page and the workbook say."""

from pathlib import Path

import pytest

from incidents.publicity import LEAST_CASES, LEAST_RATIO, QUARTER_DAYS
from incidents.results.definitions import CASE_SETS, FIGURES, MEDIAN_DAYS, SATISFACTION, SMALLEST

PAGE = (Path(__file__).parents[2] / "docs" / "results.md").read_text()


@pytest.mark.parametrize("counted", CASE_SETS)
def test_every_set_of_cases_is_defined(counted):
    words = CASE_SETS[counted]
    row = f"| `{counted.value}` | {words.zh} | {words.counts_zh} | {words.en} | {words.counts_en} |"
    assert row in PAGE


@pytest.mark.parametrize(
    "figure", [figure for figure in FIGURES if figure.part], ids=lambda figure: figure.code
)
def test_every_share_is_defined(figure):
    whole, part = CASE_SETS[figure.whole], CASE_SETS[figure.part]
    if figure.missed:
        chinese, english = f"({whole.zh} − {part.zh}) ÷ {whole.zh}", f"({whole.en} − {part.en}) ÷ {whole.en}"
    else:
        chinese, english = f"{part.zh} ÷ {whole.zh}", f"{part.en} ÷ {whole.en}"
    assert f"| `{figure.code}` | {figure.zh} | {chinese} | {figure.en} | {english} |" in PAGE


@pytest.mark.parametrize("words", [MEDIAN_DAYS, SATISFACTION], ids=lambda words: words.en)
def test_median_and_satisfaction_are_defined(words):
    assert f"| {words.zh} | {words.counts_zh} | {words.en} | {words.counts_en} |" in PAGE


def test_the_numbers_that_the_page_names_are_those_of_the_code():
    assert (SMALLEST, LEAST_CASES, LEAST_RATIO, QUARTER_DAYS) == (5, 5, 1.5, 90)
    for said in ("少于 5 个评价", "至少 5 件", "1.5 倍", "近 90 天", "1.5 times", "the last 90 days"):
        assert said in PAGE, said
