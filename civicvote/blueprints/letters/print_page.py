"""The page that is printed: the letters with their codes, made once and kept nowhere."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from segno import make_qr

from civicvote.domain.verification.letters import MadeLetters, grouped
from civicvote.domain.verification.rows import RefusedRow
from civicvote.web.scope import current_region
from civicvote.web.settings import settings


def print_page(made: MadeLetters, refused: list[RefusedRow]) -> ResponseReturnValue:
    """The answer in which the codes stand, for the only time."""
    path = url_for("letters.enter", slug=current_region().slug)
    address = f"{settings().public_url or request.host_url.rstrip('/')}{path}"
    return render_template(
        "letters/print.html",
        made=made,
        refused=refused,
        grouped=grouped,
        address=address,
        shown_address=address.partition("://")[2],
        picture=_picture(address),
    )


def _picture(address: str) -> dict[str, object]:
    """The address as a QR code: a path of unit squares, and how many of them a side has. Never the letter's code."""
    rows = [bytes(row) for row in make_qr(address, error="m").matrix]
    squares = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return {"path": "".join(squares), "side": len(rows)}
