"""Redirect targets that stay on this site, as a browser parses them."""

import re
from urllib.parse import urlsplit

from flask import request

_PLAIN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def safe_path(target: str | None) -> str | None:
    """``target`` if it is a path of this site, else None.

    Browsers drop tabs and line breaks and read ``\\`` as ``/``, so anything that holds one of them is refused."""
    if not target or not _PLAIN_PATH.fullmatch(target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def own_address() -> str:
    """The path and query that this request asked for, language prefix included."""
    return f"{request.script_root}{request.full_path.rstrip('?')}"
