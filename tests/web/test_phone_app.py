"""The report page as an app: what the service worker is given, and what the manifest says."""

import base64
import hashlib
import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from incidents.views.phone_app import ACCENT, PAGE
from tests.factories.people import make_user


def kept_by_worker(client: Client, language: str = "zh-hans") -> dict:
    """The facts that the view puts before the script."""
    first, _, _ = client.get(f"/report/service-worker.js?language={language}").text.partition("\n")
    return json.loads(first.removeprefix("const KEPT = ").removesuffix(";"))


def test_the_worker_may_serve_the_report_page_and_is_asked_for_anew_each_time(client):
    answer = client.get("/report/service-worker.js")

    assert answer["Service-Worker-Allowed"] == "/report"
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")


def test_each_language_is_a_version_of_its_own_and_stays_one_while_nothing_changes(client):
    languages = ("zh-hans", "en", "zh-hans", "xx")
    versions = [kept_by_worker(client, language)["version"] for language in languages]

    assert versions[0] == versions[2] == versions[3] != versions[1]


@pytest.mark.django_db
def test_the_shell_is_the_same_for_everybody(client):
    stranger = client.get("/report")
    client.force_login(make_user("worker"))

    assert client.get("/report").content == stranger.content
    assert "csrftoken" not in stranger.cookies


def test_the_worker_keeps_scripts_styles_words_and_the_font_but_nothing_of_the_api(client):
    addresses = [address for address, _ in kept_by_worker(client)["files"]]

    page, font = "/static/bundles/incidents/reporting/page.js", "/static/styles/icons.woff2"
    assert {"/jsi18n/", "/static/styles/report.css", page, font} <= set(addresses)
    assert not [address for address in addresses if not re.match("/static/|/jsi18n/$|/report$", address)]
    assert all(re.fullmatch(r"sha256-[\w+/]{43}=", sum_) for _, sum_ in kept_by_worker(client)["files"])


def test_each_file_has_the_sum_that_the_browser_will_find(client):
    for address, integrity in kept_by_worker(client)["files"]:
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200
        assert integrity == "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode(), address


def test_the_manifest_names_the_app_in_both_languages_with_icons_that_are_there(client):
    named = {}
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        named[language] = client.get("/report/manifest.webmanifest").json()

    assert named["zh-hans"]["name"] == "海珠区纠纷上报"
    assert named["en"]["name"] != named["zh-hans"]["name"]
    assert named["en"]["start_url"] == "/report"
    assert {icon["sizes"] for icon in named["en"]["icons"]} == {"192x192", "512x512"}
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in named["en"]["icons"])


def test_the_manifests_colours_are_those_of_the_pages(client):
    with open(finders.find("gridgov/tokens.css"), encoding="utf-8") as file:
        tokens = file.read()

    assert f"--gg-accent: {ACCENT};" in tokens
    assert f"--gg-page: {PAGE};" in tokens
    assert f'name="theme-color" content="{ACCENT}"' in client.get("/report").text
