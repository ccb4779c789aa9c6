"""python -m gridgov.lan.trust_page: one page over plain http from which a telephone fetches our certificate.

By https it could not: before the certificate is there, the browser warns of the page or refuses the download.
It serves this page and the certificate, which is public, and nothing else. The page does not show the
fingerprint: whoever put another certificate in its place would copy that too. The terminal shows it.
"""

import sys
from argparse import ArgumentParser
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer

CERTIFICATE_PATH = "/gridgov-ca.crt"
PATIENCE_SECONDS = 10
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
PAGE = """<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>GridGov 演示证书</title></head><body>
<h1>试用 GridGov:安装演示证书</h1>
<p><strong><a href="{certificate}">1 下载证书 / Download the certificate</a></strong></p>
<p>手机上显示的证书 SHA-256 指纹,须与电脑终端里的一致,否则不要信任。 /
The SHA-256 fingerprint that the telephone shows must be the one in the terminal.</p>
<h2>2 安装</h2>
<ul>
<li><b>iPhone</b>:用 Safari 下载 → 设置 → 已下载描述文件 → 安装;
再到 设置 → 通用 → 关于本机 → 证书信任设置,打开此证书。</li>
<li><b>Android、鸿蒙</b>:设置中搜索“CA 证书”或“从存储设备安装证书” → 选刚下载的文件。
用 Chrome 或系统浏览器打开。</li>
</ul>
<p>3 打开 / then open <a href="{report}">{report}</a></p>
<p>此证书只能用于局域网地址,不能冒充任何网站;试用后请在手机设置中删除。</p>
<div lang="en">
<h2>2 Install it</h2>
<ul>
<li><b>iPhone</b>: download with Safari; Settings → Profile Downloaded → Install;
then Settings → General → About → Certificate Trust Settings: switch it on.</li>
<li><b>Android</b>: in Settings search for "CA certificate" (Security → Encryption &amp; credentials →
Install a certificate) and choose the downloaded file. Open the page with Chrome.</li>
</ul>
<p>It can certify addresses of local networks only, no site elsewhere. Delete it in Settings afterwards.</p>
</div></body></html>
"""


def answer(path: str, certificate: bytes, page: bytes) -> tuple[int, str, bytes]:
    """Status, content type and body for `path`."""
    match path.partition("?")[0]:
        case "/":
            return 200, "text/html; charset=utf-8", page
        case name if name == CERTIFICATE_PATH:
            # The type at which iOS offers to install it.
            return 200, "application/x-x509-ca-cert", certificate
    return 404, "text/plain; charset=utf-8", "没有此页 / not found: /\n".encode()


def handler(certificate: bytes, page: bytes) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "GridGov", ""
        timeout = PATIENCE_SECONDS

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def _answer(self, *, with_body: bool) -> None:
            status, kind, body = answer(self.path, certificate, page)
            self.send_response(status)
            for name, value in {**HEADERS, "Content-Type": kind, "Content-Length": len(body)}.items():
                self.send_header(name, str(value))
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def log_message(self, *_) -> None:
            """Nothing: who asks is nobody's business."""

    return Handler


class Server(ThreadingTCPServer):
    """The library's HTTPServer would ask for our name at start, and wait where no server knows it."""

    allow_reuse_address = True
    daemon_threads = True


def main(arguments: list[str]) -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--authority", type=Path, required=True, help="the certificate")
    parser.add_argument("--report", required=True, help="address of the report page")
    given = parser.parse_args(arguments)
    page = PAGE.format(certificate=CERTIFICATE_PATH, report=escape(given.report)).encode()
    with Server((given.host, given.port), handler(given.authority.read_bytes(), page)) as server:
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
