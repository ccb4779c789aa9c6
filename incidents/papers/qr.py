"""One code for one case (一案一码): the case's address as a QR code."""

import io

import segno


def case_code(address: str) -> segno.QRCode:
    # M survives the fifteenth of the code that a fold or a stamp covers.
    return segno.make(address, error="m", micro=False)


def as_svg(address: str) -> str:
    """One <svg> element, with the quiet zone that readers need."""
    return case_code(address).svg_inline(border=4, scale=1, omitsize=True)


def as_png(address: str) -> io.BytesIO:
    picture = io.BytesIO()
    case_code(address).save(picture, kind="png", scale=8, border=4)
    picture.seek(0)
    return picture
