"""HTTP/1.1 over asyncio's streams: no more of it than a proxy needs."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

LONGEST_HEAD = 1 << 16
THIS_HOP = {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "content-length"}
WITHOUT_BODY = {204, 304}


@dataclass
class Message:
    """First line, headers in their order, and the whole body, of a request or an answer."""

    start: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def method(self) -> str:
        return self.start.split(" ")[0]

    @property
    def path(self) -> str:
        return self.start.split(" ")[1].split("?")[0]

    @property
    def status(self) -> int:
        return int(self.start.split(" ")[1])

    def header(self, name: str) -> str | None:
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)

    def to_bytes(self, *extra: tuple[str, str], length: int | None) -> bytes:
        """As sent. The length and the connection are this hop's own."""
        kept = [each for each in self.headers if each[0].lower() not in THIS_HOP]
        if length is not None:
            kept.append(("Content-Length", str(length)))
        lines = [self.start, *(f"{name}: {value}" for name, value in [*kept, *extra])]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + self.body


class Connection:
    """A browser's connection to the proxy. Methods that answer give whether it goes on."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self._reader, self._writer = reader, writer

    async def request(self) -> Message | None:
        """The next request, None at the end of the connection."""
        message = await _read_head(self._reader)
        if message is not None:
            message.body = await _read_body(self._reader, message) or b""
        return message

    async def give(self, answer: Message, method: str) -> bool:
        no_body = method == "HEAD" or answer.status in WITHOUT_BODY
        self._writer.write(answer.to_bytes(length=None if no_body else len(answer.body)))
        await self._writer.drain()
        return True

    async def give_half(self, answer: Message) -> bool:
        """Ends in the middle of the body, not by a reset: what was written still arrives."""
        whole = answer.to_bytes(length=len(answer.body))
        self._writer.write(whole[: len(whole) - len(answer.body) // 2 - 1])
        with suppress(OSError):
            await self._writer.drain()
        return False

    async def say_nothing(self) -> bool:
        """Until the browser gives up."""
        await self._reader.read(1)
        return False

    def reset(self) -> bool:
        self._writer.transport.abort()
        return False


async def ask_server(port: int, request: Message) -> Message:
    """What the server on 127.0.0.1 answers, on a connection that is used once.

    Raises:
        OSError: it is not there, or went away before the end of its answer.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=LONGEST_HEAD)
    try:
        length = len(request.body) if request.body or request.method in ("POST", "PUT") else None
        writer.write(request.to_bytes(("Connection", "close"), length=length))
        await writer.drain()
        answer = await _read_head(reader)
        if answer is None:
            raise ConnectionResetError("no answer")
        if request.method != "HEAD" and answer.status not in WITHOUT_BODY:
            body = await _read_body(reader, answer)
            answer.body = await reader.read() if body is None else body
        return answer
    finally:
        writer.close()


async def _read_head(reader: asyncio.StreamReader) -> Message | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines]
    return Message(first, headers)


async def _read_body(reader: asyncio.StreamReader, message: Message) -> bytes | None:
    """None where nothing says how long it is."""
    try:
        if length := message.header("content-length"):
            return await reader.readexactly(int(length))
        if (message.header("transfer-encoding") or "").lower() == "chunked":
            return await _read_chunks(reader)
    except asyncio.IncompleteReadError as cut:
        raise ConnectionResetError("cut within the body") from cut
    return None


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readline()).split(b";")[0] or b"0", 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return body
