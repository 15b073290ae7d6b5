"""Where a browser goes for an address on a page of the site: the parts of the URL Standard that redirects can abuse.

``tests/browser/test_redirect_traps.py`` holds this against Chromium's own ``new URL(address, base)``.
"""

import re

SITE = "localhost"
_SPECIAL = ("http", "https", "ws", "wss", "ftp")
_AROUND = "".join(map(chr, range(0x21)))
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):(.*)", re.DOTALL)


def host_after(address: str, *, base_scheme: str = "http") -> str:
    """The host that the browser asks, or the scheme with a colon where there is none (``javascript:``)."""
    text = re.sub(r"[\t\n\r]", "", address.strip(_AROUND))
    if found := _SCHEME.match(text):
        scheme, rest = found[1].lower(), found[2]
        if scheme not in _SPECIAL:
            return f"{scheme}:"
        if scheme != base_scheme or rest.replace("\\", "/").startswith("//"):
            return _host(rest.replace("\\", "/").lstrip("/"))
        text = rest
    text = text.replace("\\", "/") if "?" not in text and "#" not in text else _slashed(text)
    return _host(text.lstrip("/")) if text.startswith("//") else SITE


def _slashed(text: str) -> str:
    path = re.split(r"[?#]", text, maxsplit=1)[0]
    return path.replace("\\", "/") + text[len(path) :]


def _host(rest: str) -> str:
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    return authority.rpartition("@")[2]
