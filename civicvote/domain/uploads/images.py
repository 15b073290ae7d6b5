"""Pictures made anew: only the pixels of what was sent get into the file that is kept.

Whatever else was in it (EXIF with the place where it was taken, XMP, comments, colour profiles, further frames, a web
page or an archive behind the end) is gone, since the new file is written from decoded pixels.
"""

import struct
import threading
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from civicvote.domain.uploads.errors import FileBroken, FileTooLarge, PictureTooManyPixels
from civicvote.domain.uploads.kinds import MediaType
from civicvote.domain.uploads.remade import Remade
from civicvote.domain.uploads.titles import shown_title

#: Photos of today's telephones have 3 to 10 MB.
MAX_BYTES = 12 * 1024 * 1024
#: Telephones take pictures of 12 to 24 million pixels. 40 million were seen to take 110 MB of memory (JPEG), 250 to
#: 400 MB (PNG) or 650 MB (WebP) for a moment.
MAX_PIXELS = 40_000_000
#: A desktop screen at twice its density shows no more.
LONGEST_SIDE = 2_400
#: The gallery's column on a telephone of double density.
THUMBNAIL_SIDE = 480

#: Pillow looks at the size in the header before it decodes. Above the limit it warns, above twice the limit it raises;
#: the filter makes one of both.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
#: Damaged EXIF is no fault of the picture; it would only fill the log.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

#: Everything by which Pillow's decoders were seen to fail on broken files.
_FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    ArithmeticError,
    AttributeError,
    struct.error,
    zlib.error,
    UserWarning,  # where whoever runs this has made errors of all warnings
)
_ORIENTATION = 0x0112
#: EXIF's eight orientations: what turns the pixels upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
#: One picture is decoded at a time in a process, so that memory stays bounded whatever arrives together.
_decoding = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Format:
    decoder: str
    options: dict[str, int]
    modes: tuple[str, ...]


_FORMATS = {
    MediaType.JPEG: _Format("JPEG", {"quality": 85}, ("RGB", "L")),
    MediaType.PNG: _Format("PNG", {"compress_level": 6}, ("RGB", "L", "RGBA")),
    MediaType.WEBP: _Format("WEBP", {"quality": 85}, ("RGB", "RGBA")),
}


def picture_type(data: bytes) -> MediaType | None:
    """The kind of picture that the first bytes announce."""
    if data.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return MediaType.WEBP
    return None


def remake_picture(data: bytes, media_type: MediaType, *, name: str) -> Remade:
    """The picture upright, at most ``LONGEST_SIDE`` long, with its thumbnail; of several frames the first.

    Raises ``FileTooLarge``, ``PictureTooManyPixels``, ``FileBroken``.
    """
    if len(data) > MAX_BYTES:
        raise FileTooLarge(name=name, limit=MAX_BYTES // 1024**2)
    form = _FORMATS[media_type]
    try:
        with _decoding:
            picture = _decoded(data, form)
            content = _encoded(picture, form)
            small = picture.copy()
            small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
            thumbnail = _encoded(small, form)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureTooManyPixels(name=name, limit=MAX_PIXELS // 1_000_000) from None
    except _FAULTS:
        raise FileBroken(name=name) from None
    return Remade(
        media_type=media_type,
        title=shown_title(name, media_type),
        content=content,
        thumbnail=thumbnail,
        width=picture.width,
        height=picture.height,
    )


def _decoded(data: bytes, form: _Format) -> Image.Image:
    """The first frame's pixels alone, upright and no larger than they are shown."""
    with Image.open(BytesIO(data), formats=[form.decoder]) as sent:
        orientation = _orientation(sent)
        sent.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG is decoded at a fraction of its size
        sent.load()
        mode = _mode_for(sent, form)
        pixels = sent if sent.mode == mode else sent.convert(mode)
        pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        bare = Image.new(pixels.mode, pixels.size)
        bare.paste(pixels)
    return bare.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else bare


def _orientation(sent: Image.Image) -> int:
    try:
        return int(sent.getexif().get(_ORIENTATION, 1))
    except _FAULTS:
        return 1  # the picture may be sound while its EXIF is not


def _mode_for(sent: Image.Image, form: _Format) -> str:
    wanted = "RGB"
    if sent.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in sent.info:
        wanted = "RGBA"
    elif sent.mode in {"1", "L"}:
        wanted = "L"
    return wanted if wanted in form.modes else "RGB"


def _encoded(picture: Image.Image, form: _Format) -> bytes:
    out = BytesIO()
    picture.save(out, form.decoder, **form.options)
    return out.getvalue()
