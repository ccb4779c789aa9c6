"""What happened to cases before somebody opens the browser, told over the API."""

from uuid import uuid4

from tests.browser.places import middle
from tests.conftest import DemoServer, Login

PARTIES = [{"name": "林某", "phone": "13900000000", "role": "申请人"}]


class Teller:
    """Somebody who reports and handles cases over the API."""

    def __init__(self, server: DemoServer, login: Login):
        self.server, self.login = server, login

    def send(self, path: str, body: dict, **headers: str) -> dict:
        """Post to an address below that of all disputes."""
        with self.server.token_session(self.login) as session:
            answer = session.post(f"{self.server.base_url}/api/v1/disputes{path}", json=body, headers=headers)
        assert answer.ok, answer.text
        return answer.json()

    def report(self, **changes) -> dict:
        """A dispute newly reported in the middle of the teller's unit, as the API tells it."""
        lon, lat = middle(self.server, self.login)
        report = {
            "title": "楼上漏水损坏天花板",
            "description": "厨房天花板渗水,木地板起鼓。",
            "category": "0203",
            "scale": "01",
            "people_involved": 2,
            "occurred_at": "2026-01-05T20:00:00+08:00",
            "source": "patrol",
            "location": {"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": 12},
            "parties": PARTIES,
        }
        return self.send("", report | changes, **{"Idempotency-Key": str(uuid4())})
