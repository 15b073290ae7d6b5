"""Pictures and papers of a test, made in it."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageDraw

#: What the GPS block of ``photo`` says, as it would be found in the bytes.
CAMERA = "Telephone 12 of Kim"


def drawing(width: int = 600, height: int = 400, *, mode: str = "RGB") -> Image.Image:
    """A picture with a red upper left corner, so that turning it shows."""
    image = Image.new(mode, (width, height), "white" if mode != "RGBA" else (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill="red")
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(width: int = 600, height: int = 400, *, kind: str = "JPEG", orientation: int = 1) -> bytes:
    """A photo as a telephone makes it: with the camera's name, the place and the orientation in its EXIF."""
    exif = Image.Exif()
    exif[0x0110] = CAMERA
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 9.0, 36.5), 3: "E", 4: (126.0, 51.0, 9.1)})
    return encoded(drawing(width, height), kind, exif=exif)


def claiming(width: int, height: int) -> bytes:
    """A PNG of some 60 bytes whose header claims this size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def saved(pdf: Pdf, **options: Any) -> bytes:
    out = BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def paper(pages: int = 1, *, text: str = "Receipt") -> Pdf:
    """A PDF that shows ``text`` on each page."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(200, 100))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.Contents = pdf.make_stream(f"BT /F1 12 Tf 10 50 Td ({text}) Tj ET".encode())
    return pdf


def acting_paper() -> Pdf:
    """A PDF with everything that acts, hides files, or tells who made it."""
    pdf = paper(2)
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert('acting')"))
    launch = Dictionary(S=Name.Launch, F=String("calc.exe"))
    attached = pdf.make_stream(b"MZ hidden program")
    attached.Type = Name.EmbeddedFile
    spec = pdf.make_indirect(Dictionary(Type=Name.Filespec, F=String("x.exe"), EF=Dictionary(F=attached)))
    pdf.Root.OpenAction = script
    pdf.Root.AA = Dictionary(WC=script)
    pdf.Root.AF = Array([spec])
    pdf.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), script])),
        EmbeddedFiles=Dictionary(Names=Array([String("x.exe"), spec])),
    )
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, First=Dictionary(A=launch), Count=1))
    pdf.Root.Lang = String("ko-KR")
    pdf.docinfo["/Author"] = "Kim the author"
    with pdf.open_metadata() as xmp:
        xmp["dc:creator"] = ["Kim the author"]
    first = pdf.pages[0].obj
    first.AA = Dictionary(O=script)
    first.PieceInfo = Dictionary(Secret=Dictionary(Private=String("Kim the author")))
    box = Array([0, 0, 50, 20])
    first.Annots = pdf.make_indirect(
        Array(
            [
                pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, A=action))
                for action in (
                    script,
                    launch,
                    Dictionary(S=Name.URI, URI=String("javascript:alert('acting')")),
                    Dictionary(S=Name.URI, URI=String("https://example.org/tender"), Next=script),
                )
            ]
            + [pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=box, FS=spec))]
        )
    )
    return pdf
