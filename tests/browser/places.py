"""Points of the demonstration's territory, asked of its API."""

import requests
import shapely
from shapely.geometry import shape

from tests.conftest import DemoServer, Login


def boundary(server: DemoServer, login: Login, code: str) -> shapely.Geometry:
    """The polygon of the grid unit `code`, in WGS84 degrees."""
    with server.token_session(login) as session:
        answer = session.get(f"{server.base_url}/api/v1/areas/grid", params={"within": code}, timeout=30)
    answer.raise_for_status()
    (feature,) = answer.json()["features"]
    return shape(feature["geometry"])


def middle(server: DemoServer, login: Login) -> tuple[float, float]:
    """A point well inside the unit of a grid worker."""
    point = boundary(server, login, login.area_code).representative_point()
    return point.x, point.y


def shared_edge(server: DemoServer, login: Login) -> tuple[float, float]:
    """The middle of an edge between the worker's unit and another of the district."""
    outline = boundary(server, login, login.area_code).geoms[0].exterior
    corners = list(outline.coords)
    with server.token_session(login) as session:
        for (x1, y1), (x2, y2) in zip(corners, corners[1:], strict=False):
            lon, lat = (x1 + x2) / 2, (y1 + y2) / 2
            if len(_candidates(session, server.base_url, lon, lat)) > 1:
                return lon, lat
    raise AssertionError(f"{login.area_code} has no neighbour")


def _candidates(session: requests.Session, base_url: str, lon: float, lat: float) -> list:
    query = {"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": 20}
    answer = session.get(f"{base_url}/api/v1/locate", params=query, timeout=30)
    return answer.json()["candidates"] if answer.ok else []
