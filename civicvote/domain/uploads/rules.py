"""How many files stand beside one thing, and what may be written under them."""

from dataclasses import dataclass

from civicvote.domain.uploads.errors import CaptionTooLong
from civicvote.domain.uploads.images import MAX_BYTES as PICTURE_BYTES
from civicvote.kernel.markup import clean_text
from civicvote.kernel.personal_data import refuse_personal_numbers

#: What a reader on a telephone still looks at, and what one request can bring.
FILES_AT_ONE_THING = 5
#: Bytes of one request: five photos of a telephone as they are, and the text of the form.
LARGEST_REQUEST = FILES_AT_ONE_THING * PICTURE_BYTES + 1024**2
LONGEST_CAPTION = 200


@dataclass(frozen=True, slots=True)
class Described:
    """A kept upload with the sender's words for it."""

    upload_id: int
    caption: str = ""


def clean_caption(text: str) -> str:
    """The caption in one line. Raises ``CaptionTooLong``, ``PersonalNumber``, ``ControlCharacters``."""
    caption = " ".join(clean_text(text).split())
    if len(caption) > LONGEST_CAPTION:
        raise CaptionTooLong(limit=LONGEST_CAPTION)
    refuse_personal_numbers(caption, field="files")
    return caption
