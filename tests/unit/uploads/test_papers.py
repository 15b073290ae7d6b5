"""Papers made anew: they show what they showed, do nothing and tell nothing of their makers."""

import os
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String

from civicvote.domain.uploads.errors import FileBroken, FileTooLarge, PaperEncrypted, PaperTooLong
from civicvote.domain.uploads.kinds import MediaType
from civicvote.domain.uploads.paper_worker import MAX_PAGES, PageLimit, rewrite
from civicvote.domain.uploads.papers import MAX_BYTES
from civicvote.domain.uploads.taking import remake
from tests.factories.files import CAMERA, acting_paper, drawing, encoded, paper, photo, saved


def laid_open(content: bytes) -> bytes:
    """The PDF with every stream unpacked, for looking into it."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return saved(
            pdf,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )


ACTING = [b"JavaScript", b"acting", b"Launch", b"calc.exe", b"EmbeddedFile", b"hidden program", b"OpenAction", b"/AA"]
TELLING = [b"Kim the author", b"/Metadata", b"/Info", b"PieceInfo", b"xpacket"]


def test_what_acts_hides_or_tells_is_gone_and_the_text_stays() -> None:
    sent = saved(acting_paper())
    for word in ACTING + TELLING:
        assert word in laid_open(sent), f"{word!r} was there"
    made = remake(sent, name="영수증.PDF")
    assert (made.media_type, made.title, made.width, made.thumbnail) == (MediaType.PDF, "영수증.pdf", None, None)
    inside = laid_open(made.content)
    assert [word for word in ACTING + TELLING if word in inside] == []
    assert inside.count(b"(Receipt)") == 2
    assert b"ko-KR" in inside, "screen readers need the language"


def _workers() -> int:
    """How many processes rewrite papers for this one right now."""
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            is_child = f"PPid:\t{os.getpid()}\n" in status.read_text()
            found += is_child and b"paper_worker" in status.with_name("cmdline").read_bytes()
    return found


def test_papers_that_arrive_together_are_rewritten_one_after_the_other() -> None:
    """Each may take a gigabyte of memory."""
    sent, seen = saved(paper()), [0]
    with ThreadPoolExecutor(4) as pool:
        made = [pool.submit(remake, sent, name="") for _ in range(4)]
        while not all(each.done() for each in made):
            seen.append(_workers())
    assert [each.result().media_type for each in made] == [MediaType.PDF] * 4
    assert max(seen) == 1


def _numbered(number: bytes) -> bytes:
    pdf = paper()
    pdf.trailer.ID = Array([String(number * 16), String(number * 16)])
    return saved(pdf)


def test_the_same_paper_saved_twice_is_the_same_file() -> None:
    assert _numbered(b"a") != _numbered(b"b"), "each saving has a number of its own"
    assert rewrite(_numbered(b"a")) == rewrite(_numbered(b"b"))


def test_of_links_those_to_addresses_stay() -> None:
    with pikepdf.open(BytesIO(rewrite(saved(acting_paper())))) as pdf:
        links = list(pdf.pages[0].obj.Annots)
        assert [str(link.A.URI) for link in links] == ["https://example.org/tender"]
        assert "/Next" not in links[0].A


def test_filled_fields_and_notes_are_drawn_into_the_page() -> None:
    pdf = paper()
    look = pdf.make_stream(b"BT /F1 12 Tf (three million won) Tj ET")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 100, 20])
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("sum"), V=String("three million won"),
            Rect=Array([0, 0, 100, 20]), AP=Dictionary(N=look), F=4,
        )
    )  # fmt: skip
    pdf.pages[0].obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    made = rewrite(saved(pdf))
    with pikepdf.open(BytesIO(made)) as shown:
        assert "/Annots" not in shown.pages[0].obj
        assert "/AcroForm" not in shown.Root
    assert b"three million won) Tj" in laid_open(made)


def test_photos_inside_lose_the_place_but_no_pixel() -> None:
    pdf = paper()
    sent = photo(60, 40)
    picture = pdf.make_stream(sent)
    picture.Type, picture.Subtype, picture.Filter = Name.XObject, Name.Image, Name.DCTDecode
    picture.Width, picture.Height, picture.ColorSpace, picture.BitsPerComponent = 60, 40, Name.DeviceRGB, 8
    pdf.pages[0].obj.Resources.XObject = Dictionary(P=picture)
    whole = saved(pdf)
    made = rewrite(whole)
    assert CAMERA.encode() in whole
    assert CAMERA.encode() not in made
    with pikepdf.open(BytesIO(made)) as shown:
        kept = shown.pages[0].obj.Resources.XObject.P
        assert pikepdf.PdfImage(kept).as_pil_image().tobytes() == pikepdf.PdfImage(picture).as_pil_image().tobytes()


def test_what_was_hung_behind_a_paper_is_gone() -> None:
    tail = b"PK\x03\x04 archive <script>alert(1)</script>"
    assert tail not in remake(saved(paper()) + tail, name="a.pdf").content


@pytest.mark.parametrize("password", ["", "secret"])
def test_an_encrypted_paper_is_refused(password: str) -> None:
    sent = saved(paper(), encryption=pikepdf.Encryption(user=password, owner="owner"))
    with pytest.raises(PaperEncrypted):
        remake(sent, name="a.pdf")


def test_too_many_pages_are_refused_and_the_last_allowed_is_not() -> None:
    with pytest.raises(PaperTooLong) as refused:
        remake(saved(paper(MAX_PAGES + 1)), name="a.pdf")
    assert refused.value.params == {"name": "a.pdf", "limit": MAX_PAGES}
    assert rewrite(saved(paper(MAX_PAGES)))


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_paper_cut_off_is_refused(kept: float) -> None:
    whole = saved(paper(5))
    with pytest.raises(FileBroken):
        remake(whole[: int(len(whole) * kept)], name="a.pdf")


def test_a_paper_above_the_limit_is_refused() -> None:
    with pytest.raises(FileTooLarge):
        remake(saved(paper()) + b"\0" * MAX_BYTES, name="a.pdf")


def _unfolding(megabytes: int) -> Iterator[bytes]:
    """An object stream whose one object is a string of so many megabytes."""
    packer = zlib.compressobj(9)
    yield packer.compress(b"4 0 (")
    for _ in range(megabytes):
        yield packer.compress(b"a" * 2**20)
    yield packer.compress(b")")
    yield packer.flush()


def _bomb(megabytes: int) -> bytes:
    packed = b"".join(_unfolding(megabytes))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /Lang 4 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
        5: b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(packed), packed),
    }
    out, places = b"%PDF-1.5\n", {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    places[6] = len(out)
    rows = b"".join(
        b"\2" + (5).to_bytes(4) + b"\0" if number == 4 else b"\1" + places.get(number, 0).to_bytes(4) + b"\0"
        for number in range(1, 7)
    )
    rows = b"\0\0\0\0\0\xff" + rows
    table = b"<< /Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream" % (len(rows), rows)
    return out + b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, places[6])


def test_a_paper_that_unfolds_to_gigabytes_is_refused_by_its_own_process() -> None:
    assert b"aaaa" in laid_open(remake(_bomb(1), name="a.pdf").content), "a small one is sound"
    bomb = _bomb(1500)
    assert len(bomb) < 2 * 2**20
    with pytest.raises(FileBroken):
        remake(bomb, name="a.pdf")


@settings(max_examples=60)
@given(place=st.floats(0, 1), junk=st.binary(min_size=1, max_size=30))
def test_damaged_papers_end_in_a_paper_or_in_a_refusal(place: float, junk: bytes) -> None:
    """The worker's own function, since a process an example takes minutes; what it may raise, ``main`` catches."""
    whole = saved(acting_paper(), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    start = int(place * len(whole))
    try:
        made = rewrite(whole[:start] + junk + whole[start + len(junk) :])
    except (pikepdf.PdfError, pikepdf.PasswordError, PageLimit, ValueError, TypeError, LookupError, RuntimeError):
        return
    inside = laid_open(made)
    assert [word for word in (b"JavaScript", b"Launch", b"EmbeddedFile") if word in inside] == []


def test_a_jpeg_alone_is_no_paper() -> None:
    assert remake(encoded(drawing()), name="a.pdf").title == "a.jpg"
