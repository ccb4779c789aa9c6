"""Scripts for WebDriver and Marionette, whose asynchronous scripts end by a call."""

import json

from tests.browser.engines.errors import ScriptFailed

# To be run in a page of the origin that is to be forgotten, one that keeps nothing itself.
FORGET_ORIGIN = """
    for (const each of await navigator.serviceWorker?.getRegistrations() ?? []) await each.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
    localStorage.clear();
    for (const { name } of await indexedDB.databases()) {
      const done = indexedDB.deleteDatabase(name);
      await new Promise((resolve, reject) => {
        done.onsuccess = resolve;
        done.onerror = () => reject(done.error);
      });
    }
"""


def wrapped(script: str) -> str:
    """`script`, the body of an async function of `args`, with its outcome as JSON for `opened`."""
    return (
        "const args = JSON.parse(arguments[0]), done = arguments[arguments.length - 1];"
        f"(async (...args) => {{{script}\n}})(...args).then("
        "(value) => done(JSON.stringify({ value: value ?? null })),"
        "(error) => done(JSON.stringify({ error: `${error}\\n${error?.stack ?? ''}` })));"
    )


def opened(outcome: str):
    """What the script returned.

    Raises:
        ScriptFailed: it threw, or its page is gone.
    """
    if outcome is None:
        raise ScriptFailed("the page changed meanwhile")
    told = json.loads(outcome)
    if "error" in told:
        raise ScriptFailed(told["error"])
    return told["value"]
