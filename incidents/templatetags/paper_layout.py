"""What the template of a printed paper asks of its blocks. `{% load paper_layout %}`"""

from django import template

from incidents.papers.blocks import Signatures

register = template.Library()
COLUMNS = 6


@register.filter
def signed(group) -> bool:
    """Whether these blocks end in signatures, which stay on one page with them."""
    return isinstance(group[-1], Signatures)


@register.filter
def times(count: int) -> range:
    return range(count)


@register.filter
def span_last(row) -> int:
    """How many of the six columns the last value of a row takes."""
    return COLUMNS - 2 * len(row) + 1
