"""What a file is, by its first bytes and never by its name. Pure."""

JPEG, PNG, GIF, WEBP = "image/jpeg", "image/png", "image/gif", "image/webp"
PDF, HEIC = "application/pdf", "image/heic"
IMAGES = frozenset({JPEG, PNG, GIF, WEBP})

_BEGINNINGS = {
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"GIF87a": GIF,
    b"GIF89a": GIF,
    # Readers also find it further on, behind something else: such a file is two files, and is refused.
    b"%PDF-": PDF,
}
# Brands of the container that Apple's cameras write.
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# A PDF ends with this, but for some bytes that mail programs add.
_PDF_END, _NEAR_END = b"%%EOF", 2048


def media_type_of(content: bytes) -> str | None:
    """JPEG, PNG, GIF, WEBP, PDF or HEIC; None for everything else."""
    for beginning, media_type in _BEGINNINGS.items():
        if content.startswith(beginning):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    return None


def is_whole_pdf(content: bytes) -> bool:
    """Whether the end of the PDF has come too."""
    return _PDF_END in content[-_NEAR_END:]
