"""The report page's first load weighs little: workers pay for it, and wait for it on a slow network."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

MOST_BYTES = 300_000


def test_the_first_load_with_areas_map_and_what_is_kept_offline_is_small(visit, demo_server):
    visitor = visit("phone").sign_in(demo_server.login("grid_worker"))
    visitor.page.close()
    context = visitor.page.context
    loaded = []
    context.on("requestfinished", lambda request: loaded.append(request))  # the service worker's too

    page = context.new_page()
    page.goto(f"{demo_server.base_url}/report")
    expect(page.locator("form#report[data-ready]")).to_be_attached()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_load_state("networkidle")

    sizes = {request.url.removeprefix(demo_server.base_url): bytes_of(request) for request in loaded}
    assert any(url.endswith("/reporting/reference") for url in sizes)
    assert any("leaflet.js" in url or "/leaflet." in url for url in sizes)
    assert sum(map(bytes_of, loaded)) <= MOST_BYTES, sorted(sizes.items(), key=lambda each: -each[1])


def bytes_of(request) -> int:
    """What came over the network for it, headers included; nothing if the worker or a cache had it."""
    if request.response().from_service_worker:
        return 0
    sizes = request.sizes()
    return sizes["responseHeadersSize"] + sizes["responseBodySize"]
