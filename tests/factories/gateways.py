"""Servers on this machine that take what a channel sends: HTTP, and as much SMTP as a client needs."""

import json
import socketserver
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def _serving(server):
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


class Gateway(ThreadingHTTPServer):
    """Keeps every request in `taken`, answers with the next of `answers`: (status, body, headers)."""

    def __init__(self):
        self.taken: list[dict] = []
        self.answers: list[tuple] = []
        super().__init__(("127.0.0.1", 0), _Posted)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/send"


class _Posted(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.append({"path": self.path, "headers": dict(self.headers), "body": body})
        status, said, headers = self.server.answers.pop(0) if self.server.answers else (200, "{}", {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said.encode())

    do_GET = do_POST

    def log_message(self, *_):
        pass


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps (sender, recipients, message) in `taken`; refuses recipients while `refusing`."""

    daemon_threads = True

    def __init__(self):
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.refusing = False
        super().__init__(("127.0.0.1", 0), _Session)

    @property
    def port(self) -> int:
        return self.server_address[1]


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 test")
        sender, recipients = "", []
        while line := self.rfile.readline().decode().strip():
            command = line[:4].upper()
            if command == "DATA":
                self.say("354 go on")
                self.server.taken.append((sender, recipients, self.message()))
                self.say("250 taken")
            elif command == "RCPT" and self.server.refusing:
                self.say(f"550 no such mailbox {line[8:]}")
            elif command == "QUIT":
                return self.say("221 bye")
            else:
                sender = line[10:].strip("<>") if command == "MAIL" else sender
                recipients += [line[8:].strip("<>")] if command == "RCPT" else []
                self.say("250 ok")

    def message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return b"".join(lines)

    def say(self, line: str):
        self.wfile.write(f"{line}\r\n".encode())


def gateway():
    return _serving(Gateway())


def mail_server():
    return _serving(MailServer())
