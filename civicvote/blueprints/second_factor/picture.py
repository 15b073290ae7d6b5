"""A QR code as one SVG path, so that no style and no foreign markup comes into the page."""

from dataclasses import dataclass

import segno

_QUIET_ZONE = 4


@dataclass(frozen=True, slots=True)
class QrPicture:
    """``path`` draws the dark modules in a square of ``size`` units."""

    size: int
    path: str


def qr_picture(text: str) -> QrPicture:
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=_QUIET_ZONE)]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return QrPicture(size=len(rows), path=path)
