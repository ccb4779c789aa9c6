"""Spans of time in words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from incidents.time_words import time_ago, time_left

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-30), "刚刚"),
        (timedelta(seconds=59), "刚刚"),
        (timedelta(minutes=1), "1 分钟前"),
        (timedelta(minutes=59, seconds=59), "59 分钟前"),
        (timedelta(hours=1), "1 小时前"),
        (timedelta(hours=23, minutes=59), "23 小时前"),
        (timedelta(days=1), "1 天前"),
        (timedelta(days=30), "30 天前"),
        (timedelta(days=30, seconds=1), None),
        (timedelta(minutes=-2), None),
    ],
)
def test_how_long_ago(span, words):
    assert time_ago(NOW - span, NOW) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(days=2, hours=3), "剩 2 天"),
        (timedelta(hours=2, minutes=59), "剩 2 小时"),
        (timedelta(minutes=59), "剩 59 分钟"),
        (timedelta(0), "剩 1 分钟"),
        (timedelta(seconds=-1), "超 1 分钟"),
        (timedelta(hours=-5), "超 5 小时"),
        (timedelta(days=-1, hours=-1), "超 1 天"),
    ],
)
def test_how_long_still(span, words):
    assert time_left(NOW + span, NOW) == words


def test_english_knows_one_and_many():
    with translation.override("en"):
        assert time_ago(NOW - timedelta(days=1), NOW) == "1 day ago"
        assert time_ago(NOW - timedelta(days=3), NOW) == "3 days ago"
        assert time_left(NOW - timedelta(days=1), NOW) == "1 day over"
