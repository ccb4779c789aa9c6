"""Choices of code tables, in Chinese: pages and the API translate by `in_page_language`."""

from collections.abc import Mapping


def choices(table: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, names[0]) for code, names in table.items()]
