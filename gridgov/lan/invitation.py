"""What the terminal says to somebody with a telephone in hand."""

import io
from collections.abc import Sequence

import segno

from gridgov.lan.certificates import LocalTls


def report_code(address: str) -> segno.QRCode:
    """The QR code of the report page's `address`, as the terminal shows it."""
    return segno.make(address, micro=False)


def invitation(
    report_address: str, trust_address: str, tls: LocalTls, *, authority: str, others: Sequence[str]
) -> str:
    """Two steps and the QR code. `authority` is the path of its certificate as it is to be shown;
    `others` are further addresses of this machine."""
    code = io.StringIO()
    report_code(report_address).terminal(code, border=2, compact=True)
    lines = [
        "",
        "手机与本机连接同一 Wi-Fi。只在可信的网络中使用。 / "
        "Telephone and machine on the same network, one that you trust.",
        f"1 手机第一次使用,先安装证书 / at first, have the telephone trust this machine: {trust_address}",
        f"  证书 / certificate: {authority}",
        f"  SHA-256 指纹 / fingerprint: {tls.fingerprint}",
        f"2 扫码或打开 / scan or open: {report_address}",
        *([f"  本机还有 / this machine also has: {', '.join(others)}(--host)"] if others else []),
        *(["  证书是新做的:以前信任过本机的手机请删去旧证书。 / "
           "It is a new certificate: delete the earlier one from telephones."]
          if tls.authority_replaced else []),
        "  步骤与说明 / all steps: docs/trying-on-a-phone.md",
        "",
        code.getvalue(),
    ]
    return "\n".join(lines)
