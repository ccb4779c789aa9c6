"""Disputes in and out in bulk: from a table of another system, and to one."""
