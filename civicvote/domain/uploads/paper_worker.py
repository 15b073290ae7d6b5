"""The process that rewrites one PDF: from standard input to standard output, its end told by the exit status.

Text, pictures, tags for screen readers and ordinary links stay. What acts by itself or on a click (scripts, launching,
sending forms), carries other files, or tells about the maker is left out; annotations and filled form fields are drawn
into their pages, so that what a person sees on the paper is what was on it.
"""

import resource
import sys
from collections.abc import Iterator
from enum import IntEnum
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from civicvote.domain.uploads.jpeg_segments import without_metadata

#: The longest contract with its annexes; more is a book.
MAX_PAGES = 200
#: Address space and processor time of this process. 20 MB of scanned pages need less than a tenth of it.
_MEMORY = 1024**3
_SECONDS = 20

#: What a document's root may hold besides its pages: language and tags, which screen readers need, and page numbers.
_ROOT_KEYS = frozenset(
    {"/Type", "/Version", "/Pages", "/Lang", "/MarkInfo", "/StructTreeRoot", "/PageLabels", "/Dests"}
)
#: Gone wherever it stands.
_BANNED_KEYS = frozenset(
    {
        "/AA", "/AF", "/EF", "/JS", "/JavaScript", "/Metadata", "/Next", "/OpenAction", "/PieceInfo",
        "/RichMediaContent", "/Thumb", "/XFA",
    }
)  # fmt: skip
#: Actions (ISO 32000-2, table 201). Two may stay: going to a page of this paper, and an address of these beginnings.
_ACTIONS = frozenset(
    {
        Name.GoTo3DView, Name.GoToDp, Name.GoToE, Name.GoToR, Name.Hide, Name.ImportData, Name.JavaScript, Name.Launch,
        Name.Movie, Name.Named, Name.Rendition, Name.ResetForm, Name.RichMediaExecute, Name.SetOCGState, Name.Sound,
        Name.SubmitForm, Name.Thread, Name.URI,
    }
)  # fmt: skip
_ADDRESSES = ("https://", "http://", "mailto:")


class Ending(IntEnum):
    """Exit statuses; any other is an accident and means that the file is broken."""

    DONE = 0
    BROKEN = 10
    ENCRYPTED = 11
    TOO_LONG = 12


def rewrite(data: bytes) -> bytes:
    """The PDF as it may be kept. Raises ``pikepdf.PdfError`` and ``PasswordError``, ``PageLimit``, ``ValueError``."""
    with pikepdf.open(BytesIO(data), attempt_recovery=False) as paper:
        if paper.is_encrypted:
            raise pikepdf.PasswordError
        if len(paper.pages) > MAX_PAGES:
            raise PageLimit
        if not len(paper.pages):
            raise ValueError("no page")
        paper.get_warnings()  # what reading the page tree repaired (a page without resources) costs nothing; from here
        _draw_annotations(paper)
        _prune(paper)
        out = BytesIO()
        paper.save(out, fix_metadata_version=False, deterministic_id=True)
        if paper.get_warnings():  # on, a warning means that part of the paper would be missing
            raise ValueError("something of it could not be read")
    return out.getvalue()


class PageLimit(Exception):
    """More than ``MAX_PAGES``."""


def _draw_annotations(paper: Pdf) -> None:
    form = paper.Root.get("/AcroForm")
    if isinstance(form, Dictionary) and form.get("/NeedAppearances"):
        paper.generate_appearance_streams()
    paper.flatten_annotations("all")
    for page in paper.pages:
        links = [each for each in page.obj.get("/Annots", []) if _is_harmless_link(each)]
        if links:
            page.obj["/Annots"] = Array(links)
        elif "/Annots" in page.obj:
            del page.obj["/Annots"]


def _is_harmless_link(annotation: Object) -> bool:
    if not isinstance(annotation, Dictionary) or annotation.get("/Subtype") != Name.Link:
        return False
    action = annotation.get("/A")
    return action is None or (isinstance(action, Dictionary) and _is_harmless_action(action))


def _is_harmless_action(action: Object) -> bool:
    if action.get("/S") == Name.URI:
        return str(action.get("/URI", "")).strip().lower().startswith(_ADDRESSES)
    return action.get("/S") == Name.GoTo


def _prune(paper: Pdf) -> None:
    for key in set(paper.Root.keys()) - _ROOT_KEYS:
        del paper.Root[key]
    for key in {"/Info", "/ID"} & set(paper.trailer.keys()):
        del paper.trailer[key]
    for indirect in paper.objects:
        for part in _parts(indirect):
            _clean(part)


def _parts(top: Object) -> Iterator[Object]:
    """The dictionaries and streams of an object, as deep as they are nested directly."""
    waiting = [top]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Dictionary | Stream):
            yield part
        if isinstance(part, Dictionary | Stream | Array):
            waiting += [child for child in _children(part) if not child.is_indirect]


def _children(part: Object) -> Iterator[Object]:
    found = part if isinstance(part, Array) else (part[key] for key in part.keys())  # noqa: SIM118 - not a mapping
    return (child for child in found if isinstance(child, Object))


def _clean(part: Object) -> None:
    for key in _BANNED_KEYS & set(part.keys()):
        del part[key]
    if part.get("/S") in _ACTIONS and not _is_harmless_action(part):
        for key in set(part.keys()):
            del part[key]
    if isinstance(part, Stream) and part.get("/Filter") == Name.DCTDecode and "/DecodeParms" not in part:
        _strip(part)


def _strip(picture: Stream) -> None:
    sent = picture.read_raw_bytes()
    kept = without_metadata(sent)
    if kept != sent:
        picture.write(kept, filter=Name.DCTDecode)


def main() -> int:
    """Rewrite standard input to standard output; the ``Ending``."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    try:
        sys.stdout.buffer.write(rewrite(sys.stdin.buffer.read()))
    except pikepdf.PasswordError:
        return Ending.ENCRYPTED
    except PageLimit:
        return Ending.TOO_LONG
    except (pikepdf.PdfError, ValueError, TypeError, LookupError, MemoryError, RuntimeError):
        return Ending.BROKEN
    return Ending.DONE


if __name__ == "__main__":
    sys.exit(main())
