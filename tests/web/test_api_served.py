"""The API as the production server gives it, over real HTTP."""

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from threading import Barrier
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from shapely.geometry import shape

from tests.factories.files import picture_file


@pytest.fixture
def worker(demo_server):
    """A grid worker, as a client and with a place in their unit."""
    login = demo_server.login("grid_worker")
    session = demo_server.token_session(login)
    areas = session.get(f"{demo_server.base_url}/api/v1/areas/grid", timeout=60).json()
    (unit,) = [area for area in areas["features"] if area["properties"]["code"] == login.area_code]
    place = shape(unit["geometry"]).representative_point()
    return demo_server, login, place


def report(place) -> dict:
    return {
        "title": "楼上漏水",
        "category": "0201",
        "scale": "01",
        "people_involved": 2,
        "occurred_at": datetime.now(UTC).isoformat(),
        "source": "patrol",
        "location": {"lon": place.x, "lat": place.y, "datum": "wgs84"},
    }


def test_thirty_two_posts_of_one_key_make_one_dispute(worker):
    server, login, place = worker
    body, key = report(place), str(uuid4())
    clients = [server.token_session(login) for _ in range(32)]
    start = Barrier(len(clients), timeout=60)

    def post(client):
        start.wait()
        return client.post(
            f"{server.base_url}/api/v1/disputes", json=body, headers={"Idempotency-Key": key}, timeout=60
        )

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(post, clients))
    assert sorted(answer.status_code for answer in answers) == [200] * 31 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_a_photo_that_breaks_off_on_its_way_is_not_kept_and_comes_whole_the_next_time(worker):
    server, login, place = worker
    client, disputes = server.token_session(login), f"{server.base_url}/api/v1/disputes"
    made = client.post(
        disputes, json=report(place) | {"photos": 1}, headers={"Idempotency-Key": str(uuid4())}, timeout=60
    ).json()
    photo, path = picture_file(size=(640, 480)), f"/api/v1/disputes/{made['id']}/photos/{uuid4()}"
    authorization = client.headers["Authorization"]
    for sent in (photo[:1000], photo):
        # The second is whole and yet less than was said: what is missing may be anything.
        with closing(socket.create_connection(urlsplit(server.base_url).netloc.split(":"), 60)) as line:
            line.sendall(
                f"PUT {path} HTTP/1.1\r\nHost: {urlsplit(server.base_url).netloc}\r\n"
                f"Authorization: {authorization}\r\nContent-Type: image/jpeg\r\n"
                f"Content-Length: {len(photo) + 10}\r\n\r\n".encode()
                + sent
            )
            line.shutdown(socket.SHUT_WR)
            answered = line.recv(100)
        assert not answered or answered.startswith(b"HTTP/1.1 400"), answered
    assert client.get(f"{disputes}/{made['id']}/files", timeout=60).json() == []
    put = client.put(
        f"{server.base_url}{path}", data=photo, headers={"Content-Type": "image/jpeg"}, timeout=60
    )
    assert (put.status_code, put.json()["report_complete"]) == (201, True)
    again = client.put(f"{server.base_url}{path}", data=photo, timeout=60)
    assert again.status_code == 200


def test_a_reported_dispute_is_in_the_list_and_can_be_taken_on(worker):
    server, login, place = worker
    client, disputes = server.token_session(login), f"{server.base_url}/api/v1/disputes"
    made = client.post(disputes, json=report(place), headers={"Idempotency-Key": str(uuid4())}, timeout=60)
    dispute = made.json()
    assert (dispute["grid_unit"], dispute["level"]) == (login.area_code, "grid")
    listed = client.get(disputes, params={"state": "reported", "limit": 20}, timeout=60).json()["features"]
    assert dispute["id"] in {feature["id"] for feature in listed}
    taken = client.post(f"{disputes}/{dispute['id']}/actions/accept", json={"version": 1}, timeout=60).json()
    assert taken["state"] == "accepted"
    history = client.get(f"{disputes}/{dispute['id']}/events", timeout=60).json()
    assert [event["action"] for event in history] == ["report", "accept"]
