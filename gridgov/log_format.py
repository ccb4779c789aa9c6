"""How log lines are written: never with the row that PostgreSQL refused."""

import logging
import re

# PostgreSQL repeats the whole row in the DETAIL of a broken constraint, and a row may name people. A value
# may hold line breaks, so everything goes up to where Python begins the next exception of the chain.
_DETAIL = re.compile(r"DETAIL:.*?(?=\n\n(?:The above exception|During handling)|\Z)", re.DOTALL)


class LineFormatter(logging.Formatter):
    """A line for each record, and tracebacks without PostgreSQL's details."""

    def format(self, record: logging.LogRecord) -> str:
        return _DETAIL.sub("DETAIL: (left out / 已略去)", super().format(record))
