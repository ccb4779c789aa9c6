"""Three real browsers behind one small interface: Chromium, Firefox and WebKitGTK.

Playwright's own Firefox and WebKit are builds of its own; these are the ones that people have. Each has
a profile of its own, is driven from one thread, and can be ended by kill -9 like a phone's by its system.
"""

from tests.browser.engines.chromium import Chromium
from tests.browser.engines.errors import BrowserGone, ScriptFailed
from tests.browser.engines.firefox import Firefox
from tests.browser.engines.webkit import WebKitGTK

ENGINES = {engine.name: engine for engine in (Chromium, Firefox, WebKitGTK)}

__all__ = ["ENGINES", "BrowserGone", "Chromium", "Firefox", "ScriptFailed", "WebKitGTK"]
