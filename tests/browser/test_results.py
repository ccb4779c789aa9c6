"""Results, appraisal and publicity on the demonstration, at both sizes; a figure opens its cases."""

import re

import pytest

pytestmark = pytest.mark.browser
YEAR = "/results?from=2020-01-01&to=2098-12-31"


@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize(
    ("role", "path", "name"),
    [
        ("district_centre", YEAR, "results"),
        ("community_mediator", "/results", "results-community"),
        ("planner", "/results", "results-planner"),
        ("district_centre", "/publicity", "publicity"),
        ("street_centre", "/publicity/new", "publicity-new"),
        ("street_centre", "/appraisal", "appraisal"),
        ("district_centre", "/appraisal/items", "appraisal-items"),
    ],
)
def test_the_pages_fit_the_screen(visit, demo_server, size, role, path, name):
    visitor = visit(size).sign_in(demo_server.login(role)).open(path)
    visitor.check_page()
    visitor.keep_picture(name)


def test_a_figure_opens_as_many_cases_and_the_way_back_is_plain(visit, demo_server):
    page = visit("desk").sign_in(demo_server.login("street_centre")).open(YEAR).page
    door = page.locator("#levels-title ~ div td a").filter(has_text=re.compile(r"^[1-4]?[0-9]$")).first
    number = int(door.inner_text())
    door.click()
    page.wait_for_url("**/queue?**counted=**")
    assert page.locator(".queue-row").count() == number
    page.click("text=不按统计筛选")
    page.wait_for_url(re.compile(r"/queue\?(?!.*counted)"))
