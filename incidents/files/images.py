"""Pictures encoded anew, so that only what can be seen is left of them."""

import io
import struct
import warnings
import zlib
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps

from incidents.errors import AttachmentDamaged, AttachmentTooManyPixels
from incidents.files.sniff import GIF, JPEG, PNG, WEBP

LARGEST_SIDE = 4096
THUMBNAIL_SIDE = 320
JPEG_QUALITY = 85
FORMATS = {JPEG: "JPEG", PNG: "PNG", GIF: "GIF", WEBP: "WEBP"}
# A JPEG is decoded straight to a smaller size, others are in memory whole, four bytes a pixel.
MOST_MEGAPIXELS = {JPEG: 64, PNG: 40, GIF: 40, WEBP: 40}
# What Pillow raises for a file that is not what its first bytes say, or ends too soon.
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)


@dataclass(frozen=True)
class CleanImage:
    content: bytes
    media_type: str


def clean_image(content: bytes, media_type: str) -> CleanImage:
    """The picture the right way up, at most LARGEST_SIDE a side, as JPEG, or as PNG if it is see-through.

    Of an animation the first frame. Nothing of the file but its pixels is kept.

    Raises:
        AttachmentTooManyPixels: told by the header, before anything is decoded.
        AttachmentDamaged
    """
    return _encoded(_decoded(content, media_type, LARGEST_SIDE))


def thumbnail(content: bytes, media_type: str) -> CleanImage:
    """A small copy for lists."""
    return _encoded(_decoded(content, media_type, THUMBNAIL_SIDE))


def _decoded(content: bytes, media_type: str, side: int) -> Image.Image:
    most = MOST_MEGAPIXELS[media_type]
    try:
        with warnings.catch_warnings():
            # The limit here is lower, and a refusal rather than a warning.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=[FORMATS[media_type]])
            if image.width * image.height > most * 1_000_000:
                raise AttachmentTooManyPixels(limit_megapixels=most)
            image.draft("RGB", (side, side))
            # WeasyPrint, once it is imported, lets Pillow take what ends too soon for the whole process.
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            image.load()
            image = ImageOps.exif_transpose(image)
            image = _eight_bits(image)
            image.thumbnail((side, side), Image.Resampling.LANCZOS)
            return image
    except Image.DecompressionBombError as error:
        raise AttachmentTooManyPixels(limit_megapixels=most) from error
    except UNREADABLE as error:
        raise AttachmentDamaged from error


def _eight_bits(image: Image.Image) -> Image.Image:
    """As RGB, or RGBA where something shows through."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey: converted as they are, all but the darkest would be white.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return image if image.getchannel("A").getextrema()[0] < 255 else image.convert("RGB")
    return image.convert("RGB")


def _encoded(image: Image.Image) -> CleanImage:
    # Pasted onto a new one: what the file said besides its pixels hangs on the old.
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    target = io.BytesIO()
    if fresh.mode == "RGBA":
        fresh.save(target, "PNG", optimize=True)
        return CleanImage(target.getvalue(), PNG)
    fresh.save(target, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return CleanImage(target.getvalue(), JPEG)
