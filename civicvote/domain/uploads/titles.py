"""What a file is called on pages and when it is saved: the sender's name for it, made harmless."""

import unicodedata

from civicvote.domain.uploads.kinds import MediaType

LONGEST_TITLE = 120

ENDINGS = {MediaType.JPEG: ".jpg", MediaType.PNG: ".png", MediaType.WEBP: ".webp", MediaType.PDF: ".pdf"}
_KNOWN_ENDINGS = (*ENDINGS.values(), ".jpeg", ".jfif")
#: Separators of folders, and what some system takes for a command, a stream or a wildcard.
_UNSAFE = frozenset('/\\:*?"<>|')


def readable_name(name: str) -> str:
    """The last part of a path in one line, without what can't be seen or turns the reading direction."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = (
        " " if character in _UNSAFE or character.isspace() else character
        for character in last
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    return " ".join("".join(kept).split()).strip(". ")[:LONGEST_TITLE]


def shown_title(name: str, media_type: MediaType) -> str:
    """The name with the ending of what it is; a file without a name is called by its kind."""
    ending = ENDINGS[media_type]
    stem = readable_name(name)
    for known in _KNOWN_ENDINGS:
        if stem.lower().endswith(known):
            stem = stem[: -len(known)]
            break
    stem = stem.strip(". ")[: LONGEST_TITLE - len(ending)].strip(". ")
    return f"{stem or 'file'}{ending}"
