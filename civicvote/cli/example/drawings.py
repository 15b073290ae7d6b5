"""Pictures of the living example, drawn by code: flat, without people, licensed like the rest."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw

_SIZE = (1200, 800)
_NIGHT, _WALL, _LIT, _DARK = "#1d2b4a", "#8d99b5", "#ffd98a", "#2b3a5e"
_PAVEMENT, _ROAD, _PAINT, _RED, _GREEN = "#cfd4dc", "#4a4f59", "#f4f4f0", "#c8412f", "#2f8f5b"
_TABLE, _CLAY, _SOIL, _LEAF, _BOX, _TAPE = "#e9dcc6", "#b9683f", "#4b2f22", "#4c8f4a", "#d8b98a", "#b2242f"


def empty_flats(draw: ImageDraw.ImageDraw) -> None:
    """A block of flats in the evening, most windows dark."""
    draw.rectangle((0, 0, *_SIZE), fill=_NIGHT)
    draw.rectangle((180, 90, 1020, 740), fill=_WALL)
    for floor in range(7):
        for number in range(8):
            left, top = 215 + number * 98, 120 + floor * 86
            is_lit = (floor * 5 + number * 3) % 11 in {0, 4}
            draw.rectangle((left, top, left + 66, top + 54), fill=_LIT if is_lit else _DARK)
    draw.rectangle((0, 740, *_SIZE), fill=_ROAD)


def crossing(draw: ImageDraw.ImageDraw) -> None:
    """A wide road with a crossing, and a signal that has turned red before the far side."""
    draw.rectangle((0, 0, *_SIZE), fill="#bcd3e6")
    draw.rectangle((0, 260, 1200, 330), fill=_PAVEMENT)
    draw.rectangle((0, 330, 1200, 720), fill=_ROAD)
    draw.rectangle((0, 720, *_SIZE), fill=_PAVEMENT)
    for stripe in range(6):
        top = 350 + stripe * 62
        draw.rectangle((420 - stripe * 14, top, 780 + stripe * 14, top + 34), fill=_PAINT)
    draw.rectangle((898, 90, 912, 300), fill="#333333")
    draw.rounded_rectangle((860, 40, 950, 200), radius=16, fill="#222222")
    draw.ellipse((878, 54, 932, 108), fill=_RED)
    draw.ellipse((878, 130, 932, 184), fill="#244d37")


def coffee_pots(draw: ImageDraw.ImageDraw) -> None:
    """Three pots pressed from coffee grounds, with plants in them."""
    draw.rectangle((0, 0, *_SIZE), fill="#f5efe4")
    draw.rectangle((0, 560, *_SIZE), fill=_TABLE)
    for left in (150, 480, 810):
        for lean, height in ((-60, 210), (0, 270), (60, 210)):
            draw.line((left + 120, 400, left + 120 + lean, 400 - height), fill=_LEAF, width=14)
            tip = left + 120 + lean, 400 - height
            draw.ellipse((tip[0] - 44, tip[1] - 30, tip[0] + 44, tip[1] + 30), fill=_LEAF)
        draw.polygon([(left, 390), (left + 240, 390), (left + 205, 640), (left + 35, 640)], fill=_SOIL)
        draw.rectangle((left - 14, 370, left + 254, 410), fill=_CLAY)


def safety_box(draw: ImageDraw.ImageDraw) -> None:
    """A box with a torch, a plaster and a telephone list."""
    draw.rectangle((0, 0, *_SIZE), fill="#eef2f6")
    draw.rectangle((260, 300, 940, 720), fill=_BOX)
    draw.polygon([(260, 300), (940, 300), (1010, 220), (190, 220)], fill="#c7a676")
    draw.rectangle((560, 300, 640, 720), fill="#c7a676")
    draw.rounded_rectangle((300, 90, 420, 300), radius=20, fill=_GREEN)
    draw.polygon([(285, 90), (435, 90), (470, 30), (250, 30)], fill=_LIT)
    draw.rectangle((700, 70, 900, 300), fill="white")
    for line in range(5):
        draw.rectangle((725, 105 + line * 36, 875, 117 + line * 36), fill=_DARK)
    draw.rectangle((505, 150, 605, 250), fill=_TAPE)
    draw.rectangle((547, 165, 563, 235), fill="white")
    draw.rectangle((520, 192, 590, 208), fill="white")


DRAWINGS: dict[str, Callable[[ImageDraw.ImageDraw], None]] = {
    "empty_flats": empty_flats,
    "crossing": crossing,
    "coffee_pots": coffee_pots,
    "safety_box": safety_box,
}


def drawn(name: str) -> bytes:
    """The picture as a PNG."""
    image = Image.new("RGB", _SIZE)
    DRAWINGS[name](ImageDraw.Draw(image))
    out = BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()
