"""What kind of file was sent, told by its content alone: never by its name or by what the browser says of it."""

from civicvote.domain.uploads.errors import FileKindNotTaken
from civicvote.domain.uploads.images import MAX_BYTES as PICTURE_BYTES
from civicvote.domain.uploads.images import picture_type, remake_picture
from civicvote.domain.uploads.papers import MAX_BYTES as PAPER_BYTES
from civicvote.domain.uploads.papers import is_paper, remake_paper
from civicvote.domain.uploads.remade import Remade
from civicvote.domain.uploads.titles import readable_name
from civicvote.kernel.personal_data import holds_personal_number

#: Nothing longer is taken, whatever it is.
LONGEST = max(PICTURE_BYTES, PAPER_BYTES)


def remake(data: bytes, *, name: str) -> Remade:
    """The file made anew by its kind. Takes processor time: call it before a transaction begins.

    Raises ``FileKindNotTaken`` and what ``remake_picture`` and ``remake_paper`` do.
    """
    name = readable_name(name)
    if holds_personal_number(name):  # or a camera's counter that looks like one: a name is not worth a refusal
        name = ""
    if picture := picture_type(data):
        return remake_picture(data, picture, name=name)
    if is_paper(data):
        return remake_paper(data, name=name)
    raise FileKindNotTaken(name=name)
