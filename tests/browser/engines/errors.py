"""What goes wrong with a driven browser."""


class ScriptFailed(AssertionError):
    """A script run in the page threw, or took too long."""


class BrowserGone(Exception):
    """The browser, or the tab, ended while it was asked something: it was killed, or it crashed."""
