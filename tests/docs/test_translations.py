"""Every text of the interface has its English."""

import re
import shutil
import subprocess
import sys

import pytest

from tests.conftest import ROOT

ROOMS = ["gridgov", "maps", "incidents", "grids", "fixtures"]
DOMAINS = ["django", "djangojs"]


@pytest.fixture(scope="session")
def texts_as_they_are(tmp_path_factory):
    """A copy of the project whose message files hold what the sources say now."""
    copy = tmp_path_factory.mktemp("texts")
    for folder in [*ROOMS, "locale"]:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("*.pyc", "*.mo"))
    for domain in DOMAINS:
        command = [sys.executable, "-m", "django", "makemessages", "--domain", domain, "--locale", "en"]
        subprocess.run([*command, "--no-wrap", "--no-location"], cwd=copy, check=True, capture_output=True)
    return copy


def entries(po: str) -> list[str]:
    """Entries of a message file, its header and what is no longer used left out."""
    return [entry for entry in po.split("\n\n")[1:] if not entry.startswith("#~")]


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_text_lacks_its_english_or_has_it_only_by_guess(texts_as_they_are, domain):
    po = (texts_as_they_are / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po").read_text()
    found = entries(po)
    assert len(found) > 20
    fuzzy = [entry for entry in found if re.search(r"^#,.*fuzzy", entry, re.MULTILINE)]
    empty = re.compile(r'^msgstr(\[\d\])? ""$(?!\n")', re.MULTILINE)
    assert not fuzzy + [entry for entry in found if empty.search(entry)]


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_english_of_a_text_is_english(domain):
    po = (ROOT / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po").read_text()
    chinese = re.compile(r'^(msgstr(\[\d\])? )?".*[\u3000-\u9fff\uff00-\uffef]')
    wrong = []
    in_english = False
    for line in po.splitlines():
        in_english = line.startswith("msgstr") or (in_english and line.startswith('"'))
        if in_english and chinese.match(line):
            wrong.append(line)
    assert not wrong


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_message_files_are_well_formed(domain):
    po = ROOT / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
    subprocess.run(["msgfmt", "--check-format", "--output-file=/dev/null", po], check=True)
