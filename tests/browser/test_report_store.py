"""What the phone keeps: sealed for one worker, each save on what it began from, carried over in a file."""

import json
import subprocess

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.browser
MODULES = ROOT / "incidents" / "static" / "incidents" / "reporting"
ENTRY = """
export * from "./store.js";
export * from "./record.js";
export * from "./carrying.js";
export * from "./answers.js";
"""
OPEN = """
    const { openShelf, openStore, newReport, ChangedElsewhere } = kept;
    const { exportReports, importReports, noteExported, wouldBeLost } = kept;
    const photo = (...bytes) =>
        ({ key: "p1", type: "image/jpeg", width: 1, height: 1, bytes: new Uint8Array(bytes).buffer });
    const photoOf = async (store, report) => {
        const bytes = await store.photoBytes(report.key, "p1");
        return bytes && [...new Uint8Array(bytes)];
    };
    const opened = async (worker, secret = new Uint8Array(32).fill(worker.length)) =>
        openStore({ shelf: await openShelf(), worker, secret });
"""


@pytest.fixture(scope="session")
def modules(tmp_path_factory) -> str:
    """The modules as one script that gives `kept`."""
    script = tmp_path_factory.mktemp("modules") / "kept.js"
    esbuild = [ROOT / "node_modules" / ".bin" / "esbuild", "--bundle", "--format=iife", "--global-name=kept"]
    options = [f"--outfile={script}", "--log-level=error", "--loader=js", f"--sourcefile={MODULES}/entry.js"]
    subprocess.run([*esbuild, *options], input=ENTRY, text=True, check=True, cwd=MODULES)
    return script.read_text()


@pytest.fixture
def run(visit, modules):
    """`run(script, argument)`: what an asynchronous script on a page of the server gives."""
    page = visit("phone").open("/sign-in").page

    def run_script(script: str, argument=None):
        call = f"async (argument) => {{ globalThis.gettext ??= (text) => text; {modules}; {OPEN}; {script} }}"
        return page.evaluate(call, argument)

    return run_script


def test_nothing_that_was_written_can_be_read_in_the_database(run):
    stored = run(
        """
        const store = await opened("a-worker");
        const report = newReport();
        report.fields = { title: "楼上漏水无人修", description: "secret-words" };
        report.parties = [{ name: "林某", phone: "13900000000", role: "" }];
        await store.save(report);
        await store.addPhoto(report, photo(...new TextEncoder().encode("picture-bytes")));
        const answered = (request) => new Promise((done) => {
            request.onsuccess = () => done(request.result);
        });
        const db = await answered(indexedDB.open("gridgov-reports"));
        const decoded = (bytes) => new TextDecoder().decode(bytes);
        let text = "";
        for (const table of db.objectStoreNames) {
            const rows = await answered(db.transaction(table).objectStore(table).getAll());
            text += JSON.stringify(rows, (name, value) => {
                if (value instanceof CryptoKey) return `key extractable=${value.extractable}`;
                return value instanceof ArrayBuffer ? decoded(value) : value;
            });
        }
        db.close();
        const again = await opened("a-worker", null);
        const [read] = await again.reports();
        return { text, read, photo: decoded(await again.photoBytes(read.key, "p1")) };
        """
    )
    for said in ("漏水", "secret-words", "林某", "13900000000", "picture-bytes", "extractable=true"):
        assert said not in stored["text"]
    assert "extractable=false" in stored["text"]
    assert stored["read"]["parties"][0]["name"] == "林某"
    assert stored["photo"] == "picture-bytes"


def test_another_worker_sees_nothing_and_the_first_gets_all_back_with_their_key(run):
    seen = run(
        """
        const first = await opened("first");
        const report = newReport();
        report.fields = { title: "前一个人写的" };
        await first.save(report);
        const second = await opened("second!");
        const foreign = [await second.reports(), await second.report(report.key)];
        const withoutSecret = await opened("first", null);
        const back = await (await opened("first")).reports();
        return { foreign, withoutSecret, back: back.map(({ fields }) => fields.title) };
        """
    )
    assert seen == {"foreign": [[], None], "withoutSecret": None, "back": ["前一个人写的"]}


def test_a_save_from_an_older_version_changes_nothing_and_shows_the_newer(run):
    told = run(
        """
        const store = await opened("worker");
        const report = newReport();
        await store.save(report);
        const other = await store.report(report.key);
        other.fields.title = "另一个标签页写的";
        await store.save(other);
        report.fields.title = "这个标签页写的";
        try { await store.save(report); } catch (error) {
            const { fields } = await store.report(report.key);
            return [error instanceof ChangedElsewhere, error.current.fields.title, fields.title];
        }
        """
    )
    assert told == [True, "另一个标签页写的", "另一个标签页写的"]


def test_a_database_that_the_browser_closed_is_opened_again(run):
    titles = run(
        """
        const store = await opened("worker");
        const report = newReport();
        await store.save(report);
        (await store.shelf.opening).close();
        report.fields.title = "关闭之后写的";
        await store.save(report);
        return (await store.reports()).map(({ fields }) => fields.title);
        """
    )
    assert titles == ["关闭之后写的"]


def test_a_file_brings_reports_with_photos_to_the_same_worker_and_to_nobody_else(run):
    carried = run(
        """
        const store = await opened("worker");
        const report = newReport();
        report.fields = { title: "带到另一部手机" };
        await store.save(report);
        await store.addPhoto(report, photo(1, 2, 250));
        await store.save(newReport());
        const lostBefore = (await wouldBeLost(store)).length;
        const { blob, exported } = await exportReports(store);
        const count = exported.length;
        const text = await blob.text();
        await noteExported(store, exported);
        const lostAfter = (await wouldBeLost(store)).length;
        const known = await importReports(store, text);
        await store.forget();
        const empty = await opened("worker", null);
        const fresh = await opened("worker");
        const added = await importReports(fresh, text);
        const [read] = (await fresh.reports()).filter(({ fields }) => fields.title);
        const bytes = await photoOf(fresh, read);
        const refused = [];
        const changed = text.replace(/"data":"..../, '"data":"AAAA');
        const bad = [text.slice(0, -40), changed, "GIF"].map((file) => ["worker", file]);
        for (const [who, file] of [["somebody", text], ...bad]) {
            const error = await importReports(await opened(who), file).catch((each) => each);
            refused.push([error instanceof kept.FileOfAnother, error instanceof kept.NotOurFile]);
        }
        const [title, clear] = [read.fields.title, text.includes("手机")];
        return { count, lostBefore, lostAfter, known, empty, added, title, bytes, refused, clear };
        """
    )
    assert carried.pop("refused") == [[True, False], [False, True], [False, True], [False, True]]
    assert carried == {
        "count": 1,
        "lostBefore": 1,
        "lostAfter": 0,
        "known": {"added": 0, "known": 1},
        "empty": None,
        "added": {"added": 1, "known": 0},
        "title": "带到另一部手机",
        "bytes": [1, 2, 250],
        "clear": False,
    }


def test_becoming_another_report_takes_the_photos_along(run):
    told = run(
        """
        const store = await opened("worker");
        const report = newReport();
        report.fields = { title: "另一件" };
        await store.save(report);
        await store.addPhoto(report, photo(7));
        const another = await store.becomeAnother(report, { state: "draft" });
        const again = await store.becomeAnother(report, { state: "draft" }).catch((error) => error);
        const left = await store.reports();
        const [picture] = another.photos;
        const bytes = await store.photoBytes(another.key, picture.key);
        return [left.length, left[0].key === another.key, another.key !== report.key, picture.key !== "p1",
            [...new Uint8Array(bytes)], await photoOf(store, report), again instanceof ChangedElsewhere];
        """
    )
    assert told == [1, True, True, True, [7], None, True]


def test_what_changed_after_it_was_written_to_a_file_would_still_be_lost(run):
    lost = run(
        """
        const store = await opened("worker");
        const report = newReport();
        report.fields = { title: "先写的" };
        await store.save(report);
        const { exported } = await exportReports(store);
        report.fields.title = "后写的";
        await store.save(report);
        await noteExported(store, exported);
        const changed = (await wouldBeLost(store)).length;
        await noteExported(store, (await exportReports(store)).exported);
        const saved = (await wouldBeLost(store)).length;
        await store.addPhoto(await store.report(report.key), photo(1));
        return [changed, saved, (await wouldBeLost(store)).length];
        """
    )
    assert lost == [1, 0, 1]


def test_other_words_in_a_file_become_a_draft_of_their_own(run):
    told = run(
        """
        const store = await opened("worker");
        const report = newReport();
        report.fields = { title: "另一部手机上改过的" };
        await store.save(report);
        await store.addPhoto(report, photo(9));
        const text = await (await exportReports(store)).blob.text();
        report.fields.title = "这部手机上改过的";
        await store.save(report);
        const told = [await importReports(store, text), await importReports(store, text)];
        const reports = await store.reports();
        const [other] = reports.filter(({ key }) => key !== report.key);
        const bytes = [...new Uint8Array(await store.photoBytes(other.key, other.photos[0].key))];
        return [reports.map(({ fields }) => fields.title).sort(), reports.length, other.state, bytes];
        """
    )
    assert told == [["另一部手机上改过的", "这部手机上改过的"], 2, "draft", [9]]


def test_a_row_that_cannot_be_opened_hides_no_other(run):
    told = run(
        """
        const store = await opened("worker");
        const [good, bad] = [newReport(), newReport()];
        good.fields = { title: "完好" };
        await store.save(bad);
        await store.save(good);
        await store.shelf.change(["reports"], async ({ get, put }) => {
            const row = await get("reports", bad.key);
            new Uint8Array(row.sealed.data)[3] ^= 1;
            await put("reports", row);
        });
        const titles = (await store.reports()).map(({ fields }) => fields.title);
        return [titles, store.damaged, await store.report(bad.key)];
        """
    )
    assert told == [["完好"], 1, None]


VERDICTS = [
    ({"status": 201, "json": {"report_key": "k", "case_number": "HZ1"}}, "receipt"),
    ({"status": 200, "json": {"report_key": "k", "case_number": "HZ1"}}, "receipt"),
    ({"status": 201, "json": {"report_key": "other", "case_number": "HZ1"}}, "probe"),
    ({"status": 200, "json": None}, "probe"),
    ({"status": 0, "json": None}, "probe"),
    ({"status": 302, "json": None}, "probe"),
    ({"status": 401, "json": {"code": "not_signed_in"}, "isProblem": True}, "probe"),
    ({"status": 403, "json": {"code": "other_worker"}, "isProblem": True}, "probe"),
    ({"status": 403, "json": {"code": "report_not_allowed"}, "isProblem": True}, "needs_you"),
    ({"status": 403, "json": None}, "probe"),
    ({"status": 404, "json": None}, "probe"),
    ({"status": 409, "json": {"code": "report_key_reused"}, "isProblem": True}, "needs_you"),
    ({"status": 413, "json": None}, "needs_you"),
    ({"status": 422, "json": {"code": "point_outside_district"}, "isProblem": True}, "needs_you"),
    ({"status": 429, "json": {"code": "too_many_attempts"}, "isProblem": True}, "again"),
    *(({"status": status, "json": None}, "again") for status in (500, 502, 503, 504)),
]


def test_every_answer_has_its_verdict(run):
    answers = [{"isProblem": False, "retryAfterMs": None, **answer} for answer, _ in VERDICTS]
    told = run("return argument.map((answer) => kept.verdictOnReport(answer, 'k').kind);", answers)
    assert told == [verdict for _, verdict in VERDICTS], json.dumps(answers)
