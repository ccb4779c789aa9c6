"""What a file is, and what is left of a picture."""

import io

import pytest
from PIL import Image, ImageFile

from incidents.errors import AttachmentDamaged, AttachmentTooManyPixels
from incidents.files.images import LARGEST_SIDE, clean_image, thumbnail
from incidents.files.sniff import GIF, HEIC, JPEG, PDF, PNG, WEBP, is_whole_pdf, media_type_of
from tests.factories.files import PDF_FILE, bomb, photo_with_metadata, picture_file

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (picture_file("JPEG"), JPEG),
        (picture_file("PNG"), PNG),
        (picture_file("GIF"), GIF),
        (picture_file("WEBP"), WEBP),
        (PDF_FILE, PDF),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", HEIC),
        (HTML, None),
        (SVG, None),
        (b"<?xml version='1.0'?>" + SVG, None),
        (b"junk" + PDF_FILE, None),
        (b"PK\x03\x04", None),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"\x00\x00\x00\x18ftypmp42", None),
        (b"", None),
        (b"\xff\xd8", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content, media_type):
    assert media_type_of(content) == media_type


def test_a_pdf_that_ends_too_soon_is_not_whole():
    assert is_whole_pdf(PDF_FILE)
    assert not is_whole_pdf(PDF_FILE[:-8])


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_an_opaque_picture_becomes_a_jpeg(form):
    clean = clean_image(picture_file(form), media_type_of(picture_file(form)))

    assert clean.media_type == JPEG == media_type_of(clean.content)
    assert opened(clean.content).size == (64, 48)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_one_sees_through_becomes_a_png(form):
    content = picture_file(form, colour=(10, 20, 30, 128))
    clean = clean_image(content, media_type_of(content))

    assert clean.media_type == PNG == media_type_of(clean.content)
    assert opened(clean.content).getpixel((5, 5))[3] == 128


def test_place_time_camera_and_comment_are_gone():
    photo = photo_with_metadata()
    before = opened(photo)
    assert before.getexif().get_ifd(0x8825) and b"SecretCamera" in photo

    clean = clean_image(photo, JPEG).content
    after = opened(clean)

    assert not after.getexif()
    assert set(after.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for secret in (b"Secret", b"2026:03:02", b"Exif"):
        assert secret not in clean


def test_metadata_of_png_and_webp_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    for form in ("PNG", "WEBP"):
        content = picture_file(form, colour=(1, 2, 3, 100), exif=exif, xmp=b"<x>SecretXmp</x>")
        assert b"Secret" in content
        assert b"Secret" not in clean_image(content, media_type_of(content)).content


def test_a_turned_photo_is_the_right_way_up():
    after = opened(clean_image(photo_with_metadata(orientation=6), JPEG).content)

    # Turned clockwise: what was above is now at the right.
    assert after.size == (40, 80)
    assert after.getpixel((35, 40))[0] > 200 and after.getpixel((5, 40))[2] > 200


def test_what_hides_behind_the_picture_is_gone():
    polyglot = picture_file("JPEG", comment=HTML) + HTML + b"%PDF-1.4 PK\x03\x04"
    clean = clean_image(polyglot, JPEG).content

    assert b"<script" not in clean and b"PK\x03\x04" not in clean and b"%PDF" not in clean


def test_a_large_picture_is_made_smaller_in_its_proportions():
    content = picture_file("PNG", size=(6000, 3000))

    assert opened(clean_image(content, PNG).content).size == (LARGEST_SIDE, LARGEST_SIDE // 2)
    assert opened(thumbnail(content, PNG).content).size == (320, 160)


def test_grey_of_sixteen_bits_stays_grey():
    target = io.BytesIO()
    Image.new("I;16", (8, 8), 0x8000).save(target, "PNG")

    assert abs(opened(clean_image(target.getvalue(), PNG).content).getpixel((4, 4))[0] - 128) <= 2


def test_print_colours_become_screen_colours():
    target = io.BytesIO()
    Image.new("CMYK", (8, 8), (0, 0, 0, 0)).save(target, "JPEG")

    assert opened(clean_image(target.getvalue(), JPEG).content).mode == "RGB"


def test_a_bomb_is_refused_by_its_header():
    with pytest.raises(AttachmentTooManyPixels):
        clean_image(bomb(20000), PNG)
    with pytest.raises(AttachmentTooManyPixels):
        clean_image(bomb(6400), PNG)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_what_ends_too_soon_is_damaged(form, share):
    target = io.BytesIO()
    Image.effect_noise((200, 200), 80).convert("RGB").save(target, form)
    content = target.getvalue()

    with pytest.raises(AttachmentDamaged):
        clean_image(content[: int(len(content) * share)], media_type_of(content))


def test_what_ends_too_soon_is_damaged_also_after_a_paper_was_made(monkeypatch):
    """What makes the papers has Pillow accept such pictures, in the whole process."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    target = io.BytesIO()
    Image.effect_noise((200, 200), 80).save(target, "JPEG")

    with pytest.raises(AttachmentDamaged):
        clean_image(target.getvalue()[:-500], JPEG)


@pytest.mark.parametrize(
    ("beginning", "media_type"),
    [(b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"GIF89a", GIF), (b"RIFF\x10\0\0\0WEBP", WEBP)],
)
def test_html_behind_a_pictures_first_bytes_is_damaged(beginning, media_type):
    with pytest.raises(AttachmentDamaged):
        clean_image(beginning + HTML, media_type)


def test_a_gif_does_not_pass_for_another_picture():
    with pytest.raises(AttachmentDamaged):
        clean_image(picture_file("GIF"), PNG)
