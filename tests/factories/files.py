"""Files as people send them, and as they should not."""

import io
import struct
import zlib

from PIL import Image

PDF_FILE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def picture_file(form: str = "JPEG", size: tuple[int, int] = (64, 48), colour="#336699", **saved) -> bytes:
    """A picture of one colour."""
    target = io.BytesIO()
    mode = "RGBA" if isinstance(colour, tuple) and len(colour) == 4 else "RGB"
    Image.new(mode, size, colour).save(target, form, **saved)
    return target.getvalue()


def photo_with_metadata(orientation: int = 6) -> bytes:
    """A photo that says where, when and by what it was taken; red above, blue below, turned by its tag."""
    image = Image.new("RGB", (80, 40), "#0000ff")
    image.paste("#ff0000", (0, 0, 80, 20))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0132] = orientation, "SecretCamera", "2026:03:02 09:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (23.0, 5.0, 1.5), 3: "E", 4: (113.0, 19.0, 30.0)})
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif, comment=b"SecretComment", quality=95)
    return target.getvalue()


def bomb(side: int = 20000) -> bytes:
    """A PNG whose header says `side` squared, in a few hundred kilobytes."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes((side * 3 + 1) * 100), 9)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
