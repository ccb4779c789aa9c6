"""The arguments of bin/demo: of its command, and of set-up, which refuses wrong ones before minutes of work.

The standard library only: set-up runs before any package is installed.
"""

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from gridgov.lan.addresses import NotOnLan, address_to_show

PORT, LAN_PORT = 8000, 8443


def add_demo_arguments(parser: ArgumentParser) -> None:
    """Their defaults depend on --lan: see default_port."""
    parser.add_argument(
        "--lan", action="store_true",
        help="用 TLS 向同一局域网的手机提供 / serve over TLS to telephones on the same network",
    )
    parser.add_argument(
        "--host",
        help="监听的地址,默认 127.0.0.1;--lan 时为所有地址 / "
             "address to listen on: 127.0.0.1 unless given; with --lan, all of them",
    )
    parser.add_argument(
        "--port", type=_port,
        help=f"监听的端口,默认 {PORT},--lan 时 {LAN_PORT}(再加一个,用于安装证书) / "
             f"port to listen on: {PORT}; with --lan {LAN_PORT}, and the next one, to fetch the certificate",
    )
    parser.add_argument("--no-serve", action="store_true", help="不运行,只准备 / stop when all is ready")


def wrong_demo_arguments(options: Namespace) -> str | None:
    """What is wrong with them, in one line; None for nothing."""
    if not options.lan:
        return None
    if options.no_serve:
        return "--lan 与 --no-serve 不能同时使用。 / --lan serves and --no-serve does not: choose one."
    try:
        address_to_show(options.host)
    except NotOnLan as problem:
        return str(problem)
    if options.port == 65535:
        return "--lan 还要用下一个端口,请选小一点的。 / --lan needs the next port too: choose a lower one."
    return None


def default_port(lan: bool) -> int:
    return LAN_PORT if lan else PORT


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 65536):
        raise ArgumentTypeError(f"1-65535: {text}")
    return int(text)
