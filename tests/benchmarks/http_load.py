"""Many requests over kept connections, with as little of a client as there can be."""

import asyncio
import os
import random
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from itertools import chain

import requests

from tests.benchmarks.measured import ROOT, Load


@contextmanager
def serving():
    """GridGov served by granian as by `serve`, with its two workers; gives the port."""
    from gridgov.management.commands.serve import granian_command

    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = granian_command("127.0.0.1", port, False)
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=sys.stderr)
    try:
        retries = requests.adapters.Retry(total=60, connect=60, backoff_factor=0.1, backoff_max=0.5)
        with requests.Session() as session:
            session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retries))
            session.get(f"http://127.0.0.1:{port}/healthz", timeout=10).raise_for_status()
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def measure(port: int, paths: list[str], token: str, connections: int, seconds: float) -> Load:
    return Load.of(asyncio.run(_load(port, paths, token, connections, seconds)), seconds)


async def _load(port: int, paths: list[str], token: str, connections: int, seconds: float) -> list[float]:
    end = time.perf_counter() + seconds
    return list(chain.from_iterable(
        await asyncio.gather(*(_client(port, paths, token, end) for _ in range(connections)))
    ))  # fmt: skip


async def _client(port: int, paths: list[str], token: str, end: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    headers = f"Host: localhost\r\nAuthorization: Token {token}\r\n"
    latencies = []
    while (began := time.perf_counter()) < end:
        writer.write(f"GET {random.choice(paths)} HTTP/1.1\r\n{headers}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        length = head.lower().split(b"content-length:")[1].split(b"\r\n")[0]
        await reader.readexactly(int(length))
        latencies.append(time.perf_counter() - began)
    writer.close()
    return latencies
