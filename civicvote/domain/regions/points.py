"""Points on the earth in millionths of a degree (WGS 84), read and written exactly."""

import re
from dataclasses import dataclass

MILLION = 1_000_000
_DEGREES = re.compile(r"([+-]?)(\d{1,3})(?:\.(\d{1,15}))?")


@dataclass(frozen=True, slots=True)
class Point:
    latitude_e6: int
    longitude_e6: int


def read_degrees(text: str) -> int:
    """Millionths of a degree from decimal degrees; further digits are cut. ``ValueError`` where ``text`` is none."""
    found = _DEGREES.fullmatch(text.strip(), 0)
    if found is None or not found[0].isascii():
        raise ValueError("no decimal degrees")
    millionths = int(found[2]) * MILLION + int((found[3] or "")[:6].ljust(6, "0"))
    if millionths > 180 * MILLION:
        raise ValueError("beyond the earth")
    return -millionths if found[1] == "-" else millionths


def write_degrees(millionths: int) -> str:
    """Decimal degrees with six digits."""
    whole, rest = divmod(abs(millionths), MILLION)
    return f"{'-' if millionths < 0 else ''}{whole}.{rest:06d}"
