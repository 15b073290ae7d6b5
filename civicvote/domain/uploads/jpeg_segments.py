"""A JPEG without what is not the picture, byte by byte: for photos inside papers, whose pixels stay as they are."""

_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
#: APP0 holds the density, APP14 how colours are coded; all others (EXIF, XMP, profiles, what programs add) go.
_KEPT_APPLICATIONS = frozenset({0xE0, 0xEE})
_APPLICATIONS = range(0xE0, 0xF0)
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})


def without_metadata(jpeg: bytes) -> bytes:
    """The JPEG without metadata segments before its first scan. What does not look like a JPEG comes back unchanged."""
    if jpeg[:2] != bytes((0xFF, _START)):
        return jpeg
    kept = [jpeg[:2]]
    place = 2
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF:
        marker = jpeg[place + 1]
        if marker in {_SCAN, _END}:
            break
        if marker == 0xFF:  # padding
            place += 1
            continue
        after = place + 2
        if marker not in _WITHOUT_LENGTH:
            after += int.from_bytes(jpeg[place + 2 : place + 4])
        if not (marker == _COMMENT or (marker in _APPLICATIONS and marker not in _KEPT_APPLICATIONS)):
            kept.append(jpeg[place:after])
        place = after
    kept.append(jpeg[place:])
    return b"".join(kept)
