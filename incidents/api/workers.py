"""Whose phone it is that sends: what was written under one account is not sent under another."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from incidents.errors import OtherWorker
from incidents.models import PhoneKey

WORKER_HEADER = "GridGov-Worker"
WORKER_PARAMETER = OpenApiParameter(
    WORKER_HEADER,
    {"type": "string", "format": "uuid"},
    OpenApiParameter.HEADER,
    description="As GET reporting/worker gives it: anybody else's is refused, and nothing is stored.",
)


def require_worker(request: Request) -> None:
    """Refuse what another wrote than who is signed in, where the phone says who it was.

    Two people share a phone, and the second signed in while reports of the first still waited in it.

    Raises:
        OtherWorker
    """
    said = request.headers.get(WORKER_HEADER)
    if said is None:
        return
    worker = PhoneKey.objects.filter(user=request.user).values_list("worker", flat=True).first()
    if worker is None or str(worker) != said.strip().lower():
        raise OtherWorker
