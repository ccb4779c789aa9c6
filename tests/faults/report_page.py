"""The report page in any of the browsers, used as a worker uses it: by its documented hooks."""

import time
from contextlib import suppress
from pathlib import Path

from tests.browser.engines import BrowserGone, ScriptFailed
from tests.conftest import Login
from tests.faults.proxy import BLANK_PAGE, FaultProxy

HANDS = Path(__file__).with_suffix(".js").read_text()
# For a browser that cannot know where it is (WebKitGTK here), and for walking about: `whereIAm`.
POSITION = """
    const first = { longitude: %s, latitude: %s, accuracy: 8 };
    const here = () => JSON.parse(sessionStorage.getItem("whereIAm")) ?? first;
    const position = () => ({ timestamp: Date.now(), coords: here() });
    navigator.geolocation.getCurrentPosition = (found) => setTimeout(() => found(position()));
    navigator.geolocation.watchPosition = (found) => { setTimeout(() => found(position())); return 1; };
    navigator.geolocation.clearWatch = () => {};
"""
# A phone's clock that is wrong by so many milliseconds.
CLOCK = """
    const RightDate = Date, wrongMs = %d;
    globalThis.Date = class extends RightDate {
      constructor(...given) { given.length ? super(...given) : super(RightDate.now() + wrongMs); }
      static now() { return RightDate.now() + wrongMs; }
    };
"""


class ReportPage:
    """`browser` is one of the engines, started. All addresses are the proxy's."""

    def __init__(self, browser, proxy: FaultProxy):
        self.browser, self.proxy = browser, proxy
        # What a page's first script does. A page that was changed on its way is not kept on the phone: where
        # that matters, it has to be nothing.
        self._at_start: dict[str, str] = {}
        self._position = ""
        self.clock_wrong_by(0)
        self.walks = False  # whether it stands somewhere else for each report

    def run(self, script: str, *args, timeout_s: float = 30):
        return self.browser.run(f"{HANDS}\n{script}", *args, timeout_s=timeout_s)

    def stand_at(self, lon: float, lat: float) -> None:
        """Where the worker is from now on, for pages that are opened after this."""
        if self.walks:
            self._at_start["position"] = POSITION % (lon, lat)
        elif "set_position" in self.browser.cannot:
            self._position = POSITION % (lon, lat)
        else:
            self.browser.set_position(self.proxy.base_url, lon, lat)

    def clock_wrong_by(self, hours: float) -> None:
        """For pages that are opened after this."""
        self._at_start["clock"] = CLOCK % (hours * 3_600_000) if hours else ""

    def forget_everything(self) -> None:
        """A phone as it was bought, but for who is signed in."""
        self.browser.open(self.proxy.base_url + BLANK_PAGE)
        self.browser.forget_origin(self.proxy.base_url)

    def sign_in(self, login: Login) -> None:
        """By the page for it."""
        self.proxy.start_script = "".join(self._at_start.values())
        self.browser.open(f"{self.proxy.base_url}/sign-in?next=/report")
        self.browser.run(
            "const [username, password] = args;"
            "document.querySelector('#id_username').value = username;"
            "document.querySelector('#id_password').value = password;"
            "setTimeout(() => document.querySelector('#id_password').form.requestSubmit());",
            login.username, login.password,
        )  # fmt: skip
        arrived = "return location.pathname === '/report' && document.readyState === 'complete'"
        self.until("signed in", arrived)

    def sign_in_here(self, login: Login) -> None:
        """In the dialog of the report page, which stays as it is."""
        self.run(
            "const [username, password] = args;"
            "const opener = [...document.querySelectorAll('[data-action=sign-in]')].find(visible);"
            "(opener ?? document.querySelector('[data-action=sign-in]')).click();"
            "const opened = () => document.querySelector('[data-dialog=sign-in][open]');"
            "const dialog = await until('dialog', opened);"
            "dialog.querySelector('[name=username]').value = username;"
            "dialog.querySelector('[name=password]').value = password;"
            "dialog.querySelector('form').requestSubmit();"
            "await until('dialog closed', () => !dialog.open);",
            login.username, login.password,
        )  # fmt: skip

    def open(self) -> None:
        """The page, usable, with the place found."""
        self.load()
        self.ready()

    def load(self) -> None:
        self.proxy.start_script = "".join(self._at_start.values())
        self.browser.open(f"{self.proxy.base_url}/report")

    def sign_in_if_asked(self, login: Login) -> None:
        """Wait until the page can be used, by signing in where it wants that.

        With a key of its own the page is ready before it has heard that the session is over.
        """
        asks = self.run(
            "const asking = () => ['signed_out', 'nobody'].some((name) =>"
            " visible(document.querySelector(`[data-banner=${name}]`)));"
            "const line = document.querySelector('[data-connection]');"
            "const knows = () => line?.dataset.connection !== 'unknown';"
            "const ready = () => form()?.dataset.ready !== undefined && knows();"
            "await until('ready or asking', () => ready() || asking());"
            "return asking();"
        )
        if asks:
            self.sign_in_here(login)
            self.run("await until('form ready', () => form()?.dataset.ready !== undefined)")

    def ready(self) -> None:
        self.run(
            "await until('form ready', () => form()?.dataset.ready !== undefined);"
            f"{self._position}"
            "if (args[0]) document.querySelector('[data-use-position]').click();"
            "const unit = document.querySelector('[data-unit]');"
            "await until('unit', () => /网格$/.test(unit.textContent.trim()))",
            bool(self._position),
        )

    def write(self, **report) -> None:
        """Fill in the form as it stands. `photos` are seeds of pictures, `photo_size` their pixels."""
        self.run("await write(args[0])", report)

    def send(self) -> None:
        self.run("await send()")

    def begin_to_send(self) -> None:
        """Tap on send, as far as the question whether it is one of the similar ones, if that comes."""
        self.run(
            "const { title } = form().elements, before = title.value;"
            "form().querySelector('[data-action=send]').click();"
            "const asks = () => document.querySelector('[data-dialog=similar][open]');"
            "await until('sent or asked', () => title.value !== before || asks());"
        )

    def go_on_sending(self) -> None:
        """It is none of them."""
        self.run("document.querySelector('[data-dialog=similar][open] [data-action=not-similar]')?.click()")

    def tap(self, title: str, action: str) -> None:
        """A button of a report in the list."""
        self.run(
            "const [title, action] = args;"
            "const button = () => cardOf(title)?.querySelector(`[data-action=${action}]`);"
            "(await until(`${action} of ${title}`, button)).click();",
            title, action,
        )  # fmt: skip

    def edit(self, title: str) -> None:
        """Have a report of the list in the form, where it may be already."""
        self.run(
            "const [title] = args, card = await until(title, () => cardOf(title));"
            "card.querySelector('[data-action=edit]')?.click();"
            "await until('in the form', () => form().elements.title.value === title);",
            title,
        )

    def edit_draft(self) -> None:
        """The first draft of the list into the form, unless it is there."""
        self.run(
            "const draft = await until('a draft', () => form().elements.title.value"
            " ? 'in the form' : cards().find((card) => card.dataset.state === 'draft'));"
            "if (draft === 'in the form') return;"
            "const title = draft.querySelector('[data-title]').textContent;"
            "draft.querySelector('[data-action=edit]')?.click();"
            "const written = () => ['title', 'description', 'category'].some((name) =>"
            " form().elements[name].value);"
            "await until('in the form', written);"
        )

    def trouble(self, title: str) -> str:
        """Why a report needs its worker, in the page's words."""
        words = "return cardOf(args[0])?.querySelector('[data-trouble]')?.textContent ?? ''"
        return self.run(words, title)

    def until_state(self, title: str, *states: str, timeout_s: float = 12) -> None:
        self.run(
            "const [title, states, ms] = args;"
            "await until(`${title}: ${states}`, () => states.includes(cardOf(title)?.dataset.state), ms)",
            title, states, timeout_s * 1000,
        )  # fmt: skip

    def until_connection(self, *connections: str, timeout_s: float = 12) -> None:
        self.run(
            "const [wanted, ms] = args, line = document.querySelector('[data-connection]');"
            "await until(`connection ${wanted}`, () => wanted.includes(line.dataset.connection), ms)",
            connections, timeout_s * 1000,
        )  # fmt: skip

    def until_banner(self, name: str) -> None:
        self.run(
            "const banner = document.querySelector(`[data-banner=${args[0]}]`);"
            "await until(args[0], () => visible(banner))",
            name,
        )

    def until_marked(self, field: str) -> None:
        """The field is marked as wrong, with words beside it."""
        self.run(
            "const [name] = args;"
            "await until(`${name} marked`, () => visible(form().querySelector(`[data-error-for=${name}]`))"
            " && form().elements[name].getAttribute('aria-invalid') === 'true')",
            field,
        )

    def until_kept(self, state: str) -> None:
        """Some report in this browser's storage is in `state`."""
        self.run(
            "while (!(await kept()).some(({ state }) => state === args[0]))"
            " await new Promise((resolve) => setTimeout(resolve, 20));",
            state,
        )

    def until_rewritten(self, work) -> None:
        """Do `work` and wait until that is kept: the only report here has been saved once more."""
        before = self.run("return (await kept())[0].version")
        work()
        self.run(
            "while ((await kept())[0].version <= args[0])"
            " await new Promise((resolve) => setTimeout(resolve, 20));",
            before,
        )

    def bytes_kept(self) -> int:
        return self.browser.run("return (await navigator.storage.estimate()).usage")

    def close_database(self) -> None:
        """Have the browser close the page's connection, for an upgrade that then comes to nothing."""
        self.run(
            "const opening = indexedDB.open('gridgov-reports', 1000);"
            "await new Promise((resolve) => {"
            " opening.onupgradeneeded = () => opening.transaction.abort();"
            " opening.onerror = (event) => { event.preventDefault(); resolve(); }; });"
        )

    def until_app_kept(self) -> None:
        """The service worker has the page."""
        self.run(
            "await until('service worker', () => navigator.serviceWorker.controller);"
            "await navigator.serviceWorker.ready;"
        )

    def update_app(self) -> None:
        """Have the browser look for a new version, and take it when the page offers it."""
        self.run(
            "await (await navigator.serviceWorker.ready).update();"
            "const button = document.querySelector('[data-action=update]');"
            "await until('the offer', () => visible(button));"
            "document.documentElement.dataset.before = '';"
            "setTimeout(() => button.click());"
        )
        another = "return !('before' in document.documentElement.dataset)"
        self.until("a new page", f"{another} && document.readyState === 'complete'")
        self.ready()

    def until(self, what: str, script: str, timeout_s: float = 12) -> None:
        """Ask until `script` says yes, also over a change of page."""
        end = time.monotonic() + timeout_s
        while True:
            with suppress(ScriptFailed, BrowserGone):  # the page was just changing
                if self.browser.run(script):
                    return
            assert time.monotonic() < end, what
            time.sleep(0.02)

    def network_is_back(self) -> None:
        """What the browser says when it finds a network: the page looks at once."""
        self.run("window.dispatchEvent(new Event('online'))")

    def case_number(self, title: str) -> str:
        number = "return cardOf(args[0]).querySelector('[data-case-number]').dataset.caseNumber"
        return self.run(number, title)

    def unsent(self) -> int:
        return int(self.run("return document.querySelector('[data-unsent]').dataset.unsent"))
