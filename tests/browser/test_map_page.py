"""The map in a real browser: drawn, drilled into, filtered, shared, read by keyboard, exported."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
NUMBER = re.compile(r"[\d,]+")


@pytest.fixture
def street(demo_server):
    return demo_server.login("street_centre")


def open_map(visitor, query: str = "") -> Page:
    visitor.open(f"/map{query}")
    wait_for_answers(visitor.page)
    return visitor.page


def wait_for_answers(page: Page) -> None:
    """All that the map asked for has come and is drawn."""
    expect(page.locator("#map-panel")).to_have_attribute("aria-busy", "false")


def table_counts(page: Page) -> dict[str, int]:
    rows = page.locator("#map-table tbody tr").all()
    return {
        row.locator("th").text_content(): int(row.locator("td").first.text_content().replace(",", ""))
        for row in rows
    }


def total(page: Page) -> int:
    """The sum in the table's foot."""
    return int(page.locator("#map-table tfoot td").first.text_content().replace(",", ""))


def circles(page: Page) -> int:
    """How many disputes the circles on screen stand for."""
    several = page.locator(".leaflet-marker-pane .map-cluster").all()
    single = page.locator(".leaflet-marker-pane .map-case").count()
    return single + sum(int(each.text_content()) for each in several)


@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize("role", ["street_centre", "community_mediator", "district_centre", "planner"])
def test_the_map_fits_the_screen(visit, demo_server, size, role):
    visitor = visit(size).sign_in(demo_server.login(role))
    page = open_map(visitor)
    expect(page.locator("path.map-area").first).to_be_attached()
    expect(page.locator(".schematic-label")).to_have_text("示意图")
    visitor.keep_picture(f"map-{role}")
    visitor.check_page()
    frame = page.locator("#map").bounding_box()
    assert frame["height"] > 280
    assert page.evaluate("document.documentElement.scrollHeight") <= page.viewport_size["height"]


def test_the_panel_unfolds_on_a_phone(visit, street):
    visitor = visit("phone").sign_in(street)
    page = open_map(visitor)
    expect(page.locator("#map-controls")).to_be_hidden()
    expect(page.locator(".map-scale")).to_be_visible()
    page.tap("#map-fold")
    expect(page.locator("#map-fold")).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#map-controls")).to_be_visible()
    visitor.keep_picture("map-panel")
    visitor.check_page()


def test_table_circles_and_sentence_say_the_same(visit, street):
    page = open_map(visit("desk").sign_in(street))
    counts = table_counts(page)
    assert sum(counts.values()) == total(page) == circles(page)
    sentence = page.locator("#map-explanation").text_content()
    assert street.area_name in sentence and f"共 {total(page):,} 起纠纷" in sentence
    assert sentence.count("。") == 2
    assert list(counts.values()) == sorted(counts.values(), reverse=True)
    assert not re.search(r"\d{9,}", page.locator("main").inner_text()), "a code instead of a name"


def test_down_from_street_to_community_to_unit_and_back_up(visit, street):
    page = open_map(visit("desk").sign_in(street))
    heading = page.locator("#map-trail h1")
    name, count = next(iter(table_counts(page).items()))
    page.locator("#map-table tbody a").first.click()
    expect(heading).to_have_text(name)
    expect(page).to_have_url(re.compile(r"area=\d{12}"))
    wait_for_answers(page)
    assert total(page) == count
    assert f"占{street.area_name}的" in page.locator("#map-explanation").text_content()
    # A click on the map leads down as the table does.
    page.locator("path.map-area").nth(1).dispatch_event("click")
    expect(page).to_have_url(re.compile(r"area=\d{15}"))
    expect(heading).to_contain_text(name)
    page.locator("#map-trail a", has_text=street.area_name).click()
    expect(heading).to_have_text(street.area_name)
    page.go_back()
    expect(heading).to_contain_text(name)


def test_a_filter_narrows_everything_and_stays_in_the_address(visit, street):
    visitor = visit("desk").sign_in(street)
    page = open_map(visitor)
    everything = total(page)
    page.select_option("[name=category]", "04")
    expect(page).to_have_url(re.compile("category=04"))
    page.select_option("[name=state]", "closed")
    expect(page).to_have_url(re.compile("state=closed"))
    wait_for_answers(page)
    filtered = total(page)
    assert 0 < filtered < everything
    assert circles(page) == filtered
    assert "物权" in page.locator("#map-explanation").text_content()
    shared = page.url.removeprefix(visitor.base_url)
    colleague = open_map(visit("desk").sign_in(street), shared.removeprefix("/map"))
    assert total(colleague) == filtered
    expect(colleague.locator("[name=category]")).to_have_value("04")
    page.click("#map-reset")
    expect(page.locator("#map-table tfoot td").first).to_have_text(f"{everything:,}")


def test_a_quick_period_sets_the_dates(visit, street):
    page = open_map(visit("desk").sign_in(street))
    page.click("#map-periods button >> nth=1")
    expect(page.locator("#map-periods button >> nth=1")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(r"from=\d{4}-\d\d-\d\d"))
    expect(page.locator("[name=from]")).not_to_have_value("")


def test_shading_by_unit_and_by_rate_changes_legend_and_colours(visit, street):
    page = open_map(visit("desk").sign_in(street))
    communities = page.locator("path.map-area").count()
    page.select_option("[name=by]", "grid")
    expect(page.locator(".map-legend-title")).to_contain_text("每个网格")
    wait_for_answers(page)
    assert page.locator("path.map-area").count() > 4 * communities
    page.select_option("[name=measure]", "per_km2")
    expect(page.locator(".map-legend-title")).to_contain_text("每平方公里")
    wait_for_answers(page)
    drawn = page.locator("path.map-area").evaluate_all("paths => paths.map(p => p.getAttribute('fill'))")
    legend = page.locator(".map-swatch").evaluate_all("steps => steps.map(s => s.style.backgroundColor)")
    colours = {"rgb({}, {}, {})".format(*bytes.fromhex(colour[1:])) for colour in drawn}
    assert len(colours) > 2
    assert colours <= set(legend)


def test_a_circle_opens_the_case(visit, street):
    page = open_map(visit("desk").sign_in(street), "?heat=0")
    while page.locator(".leaflet-marker-pane .map-case, .map-cases").count() == 0:
        page.locator(".leaflet-marker-pane .map-cluster").first.focus()
        # The map flies there and asks for what is now on screen, or lists what lies at one spot.
        with page.expect_response(re.compile("/api/v1/map/(points|cases)")):
            page.keyboard.press("Enter")
        wait_for_answers(page)
    if page.locator(".map-cases").count() == 0:
        page.locator(".leaflet-marker-pane .map-case").first.focus()
        page.keyboard.press("Enter")
    link = page.locator(".map-cases a").first
    number = link.text_content()
    assert re.fullmatch(r"HZ\d{4}-\d{6}", number)
    link.click()
    expect(page.locator("main")).to_contain_text(number)
    assert "/disputes/" in page.url


def test_the_table_is_sorted_by_its_headers(visit, street):
    page = open_map(visit("desk").sign_in(street))
    header = page.locator("th[data-sort=per_km2]")
    header.locator("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    header.locator("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    cells = page.locator("#map-table tbody td:nth-child(3)").all_text_contents()
    rates = [float(text.replace(",", "")) for text in cells]
    assert rates == sorted(rates)


def test_a_planner_sees_shades_and_no_circle_or_heat(visit, demo_server):
    visitor = visit("desk").sign_in(demo_server.login("planner"))
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    page = open_map(visitor)
    assert page.locator("path.map-area").count() > 5
    assert page.locator(".map-cluster, .map-case, .leaflet-heatmap-layer, [name=heat]").count() == 0
    assert not [url for url in asked if "/map/points" in url or "/map/heat" in url]


def test_the_map_speaks_english(visit, street):
    visitor = visit("desk", locale="en-GB").sign_in(street)
    page = open_map(visitor)
    words = page.locator(".map-panel").inner_text() + page.locator(".map-legend").inner_text()
    names = {street.area_name, *table_counts(page)}
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(name, "")
    assert not re.findall(r"[\u4e00-\u9fff]+", words)
    visitor.keep_picture("map-english")


def test_the_server_gone_is_said_and_the_map_stays(visit, street):
    visitor = visit("desk").sign_in(street)
    page = open_map(visitor)
    page.context.set_offline(True)
    page.select_option("[name=category]", "04")
    expect(page.locator("#map-status")).to_contain_text("连不上服务器")
    assert page.locator("path.map-area").count() > 3


def test_on_shifted_tiles_the_map_shows_and_counts_the_same(visit, street):
    """Tiles in GCJ-02 move what is drawn by some 500 m, and nothing else."""
    visitor = visit("desk").sign_in(street)
    plain = total(open_map(visitor))
    page = visitor.page
    pixel = b"GIF89a" + bytes.fromhex("01000100800000ffffff0000002c00000000010001000002024401003b")
    page.route("**/tiles/**", lambda route: route.fulfill(body=pixel, content_type="image/gif"))

    def with_tiles(route) -> None:
        answer = route.fetch()
        html = answer.text().replace('data-tile-url=""', 'data-tile-url="/tiles/{z}/{x}/{y}.gif"')
        route.fulfill(response=answer, body=html.replace('datum="wgs84"', 'datum="gcj02"'))

    page.route("**/map", with_tiles)
    open_map(visitor)
    assert page.locator("img.leaflet-tile").count() > 4
    assert total(page) == circles(page) == plain
    visitor.keep_picture("map-tiles")


def test_the_export_opens_without_a_network_and_is_complete(visit, street, tmp_path, browser):
    visitor = visit("desk").sign_in(street)
    page = open_map(visitor, "?by=grid")
    areas = page.locator("path.map-area").count()
    with page.expect_download() as waiting:
        page.click("#map-export")
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    for name, size in {"desk": (1440, 900), "phone": (360, 740)}.items():
        check_export(browser, file, areas, name, size)


def check_export(browser, file: Path, areas: int, name: str, size: tuple[int, int]) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
    page.goto(file.as_uri())
    expect(page.locator("path.leaflet-interactive")).to_have_count(areas)
    expect(page.locator("canvas.leaflet-heatmap-layer")).to_be_visible()
    expect(page.locator(".gg-schematic")).to_have_text("示意图")
    assert page.locator(".gg-circle:not(.gg-sample)").count() > 0
    assert asked == [file.as_uri()]
    assert not complaints
    page.screenshot(path=f"var/screenshots/map-export-{name}.png")
    context.close()
