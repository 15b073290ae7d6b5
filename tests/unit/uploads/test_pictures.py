"""Pictures made anew: upright, bounded, and nothing but pixels."""

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from civicvote.domain.uploads.errors import FileBroken, FileKindNotTaken, FileTooLarge, PictureTooManyPixels
from civicvote.domain.uploads.images import LONGEST_SIDE, MAX_BYTES, MAX_PIXELS, THUMBNAIL_SIDE
from civicvote.domain.uploads.kinds import MediaType
from civicvote.domain.uploads.remade import Remade
from civicvote.domain.uploads.taking import remake
from civicvote.kernel.errors import Refusal
from tests.factories.files import CAMERA, claiming, drawing, encoded, photo

KINDS = {"JPEG": MediaType.JPEG, "PNG": MediaType.PNG, "WEBP": MediaType.WEBP}


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_keeps_its_kind_and_gets_a_thumbnail(kind: str) -> None:
    made = remake(encoded(drawing(3000, 1000), kind), name="골목.dat")
    assert made.media_type is KINDS[kind]
    assert opened(made.content).format == kind
    assert (made.width, made.height) == opened(made.content).size == (LONGEST_SIDE, 800)
    assert opened(made.thumbnail).size == (THUMBNAIL_SIDE, 160)


def test_a_small_picture_is_not_blown_up() -> None:
    made = remake(encoded(drawing(60, 40)), name="a.jpg")
    assert (made.width, made.height) == (60, 40)
    assert opened(made.thumbnail).size == (60, 40)


@pytest.mark.parametrize("kind", KINDS)
def test_neither_place_nor_camera_are_left_in_a_photo(kind: str) -> None:
    sent = photo(kind=kind)
    assert CAMERA.encode() in sent
    assert opened(sent).getexif().get_ifd(0x8825)
    made = remake(sent, name="a.jpg")
    for content in (made.content, made.thumbnail):
        assert CAMERA.encode() not in (content or b"")
        assert not dict(opened(content).getexif())
        assert not {"exif", "icc_profile", "xmp", "comment", "dpi"} & set(opened(content).info)


def test_comments_profiles_and_texts_are_gone() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Kim the author")
    texts.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>Kim the author</x:xmpmeta>")
    png = encoded(drawing(), "PNG", pnginfo=texts, icc_profile=b"profile of Kim")
    jpeg = encoded(drawing(), comment=b"Kim the author", icc_profile=b"profile of Kim" * 20)
    for sent in (png, jpeg):
        made = remake(sent, name="a.png")
        assert b"Kim" in sent
        assert b"Kim" not in made.content
        assert not opened(made.content).info.keys() & {"Author", "comment", "icc_profile", "xmp"}


#: Where the red corner of an upright picture of 600 × 400 lands by the orientation that the EXIF tells.
CORNERS = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}


@pytest.mark.parametrize("orientation", CORNERS)
def test_a_photo_taken_sideways_stands_upright(orientation: int) -> None:
    made = remake(photo(orientation=orientation), name="a.jpg")
    assert (made.width, made.height) == ((600, 400) if orientation < 5 else (400, 600))
    shown = opened(made.content).convert("RGB")
    across, down = CORNERS[orientation]
    red, green, _blue = shown.getpixel((10 if not across else shown.width - 10, 10 if not down else shown.height - 10))
    assert red > 200, "the corner is red"
    assert green < 80, "the corner is red"


@pytest.mark.parametrize("tail", [b"<html><script>alert(1)</script></html>", b"PK\x03\x04 archive", b"\0" * 5000])
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_hung_behind_a_picture_is_gone(kind: str, tail: bytes) -> None:
    made = remake(encoded(drawing(), kind) + tail, name="a.jpg")
    assert tail not in made.content


def test_of_several_frames_the_first_is_kept() -> None:
    frames = [drawing(80, 80), Image.new("RGB", (80, 80), "blue")]
    for kind in ("PNG", "WEBP"):
        made = remake(encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=80), name="a")
        assert getattr(opened(made.content), "n_frames", 1) == 1
        assert opened(made.content).convert("RGB").getpixel((5, 5))[0] > 200


def test_a_telephones_picture_of_several_parts_is_a_jpeg() -> None:
    made = remake(encoded(drawing(80, 80), "MPO", save_all=True, append_images=[drawing(40, 40)]), name="a.jpg")
    assert (made.width, made.height, opened(made.content).format) == (80, 80, "JPEG")


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_colour_mode_are_taken(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    sent = Image.new(mode, (50, 40)) if mode == "I;16" else drawing(50, 40).convert(mode)
    made = remake(encoded(sent, kind), name="a")
    assert (made.width, made.height) == (50, 40)


def test_transparency_stays() -> None:
    for kind in ("PNG", "WEBP"):
        made = remake(encoded(drawing(mode="RGBA"), kind), name="a.png")
        assert opened(made.content).convert("RGBA").getpixel((590, 390))[3] == 0


@pytest.mark.parametrize("side", [60_000, 6_400])
def test_a_bomb_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(PictureTooManyPixels) as refused:
        remake(claiming(side, side), name="a.png")
    assert refused.value.params == {"name": "a.png", "limit": MAX_PIXELS // 1_000_000}
    with pytest.raises(FileBroken):  # below the limit it is merely cut off
        remake(claiming(6_000, 6_000), name="a.png")


def test_a_file_above_the_limit_is_refused() -> None:
    with pytest.raises(FileTooLarge):
        remake(encoded(drawing()) + b"\0" * MAX_BYTES, name="a.jpg")


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_cut_off_is_refused(kind: str) -> None:
    whole = encoded(drawing(900, 700), kind)
    assert isinstance(remake(whole, name="a"), Remade)
    with pytest.raises(FileBroken):
        remake(whole[: len(whole) // 2], name="a")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><title>a</title>",
        encoded(drawing(), "GIF"),
        encoded(drawing(), "TIFF"),
        encoded(drawing(), "BMP"),
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"PK\x03\x04[Content_Types].xml",
        b"%!PS-Adobe-3.0",
    ],
    ids=["empty", "svg", "html", "gif", "tiff", "bmp", "heic", "docx", "postscript"],
)
@pytest.mark.parametrize("name", ["a.jpg", "a.pdf"])
def test_other_kinds_are_refused_whatever_they_are_called(sent: bytes, name: str) -> None:
    with pytest.raises(FileKindNotTaken):
        remake(sent, name=name)


_BEGINNINGS = st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x24\0\0\0WEBPVP8 "])


@given(beginning=_BEGINNINGS, rest=st.binary(max_size=400))
@example(beginning=b"", rest=claiming(3, 3))
def test_random_bytes_raise_nothing_but_refusals(beginning: bytes, rest: bytes) -> None:
    with suppress(Refusal):
        remake(beginning + rest, name="a")


@given(kind=st.sampled_from(sorted(KINDS)), place=st.floats(0, 1), junk=st.binary(min_size=1, max_size=30))
def test_damaged_pictures_raise_nothing_but_refusals(kind: str, place: float, junk: bytes) -> None:
    whole = photo(40, 30, kind=kind)
    start = int(place * len(whole))
    try:
        made = remake(whole[:start] + junk + whole[start + len(junk) :], name="a")
    except Refusal:
        return
    assert opened(made.content).size == (made.width, made.height)
