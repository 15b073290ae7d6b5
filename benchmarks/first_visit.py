"""What a browser fetches on its first visit of a page: the page and what it links to, compressed. Fonts apart."""

import gzip
import re
from dataclasses import dataclass

from lxml import html

from benchmarks.http import Answer, fetch

_LINKED = (
    "//link[contains(' stylesheet icon manifest ', concat(' ', @rel, ' '))]/@href | //script/@src | //img/@src"
    " | //source/@srcset"
)
_IMPORT = re.compile(rb"@import\s+(?:url\()?[\"']([^\"']+)[\"']")
_YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Visit:
    """``bytes`` as they travel, headers left out; ``unkept``: files that a browser may not keep for a year."""

    path: str
    requests: int
    bytes: int
    unkept: tuple[str, ...]
    uncompressed: tuple[str, ...]


def visit(port: int, path: str) -> Visit:
    """Fetch ``path`` as somebody who was never here and is not signed in."""
    page = fetch(port, path, {"Accept-Encoding": "gzip"})
    assert page.status == 200, f"{path}: {page.status}"
    plain = fetch(port, path)
    linked = html.document_fromstring(plain.body.decode()).xpath(_LINKED)
    waiting = [address for address in dict.fromkeys(linked) if not address.startswith("data:")]
    seen, total = list(waiting), len(page.body)
    unkept, uncompressed = [], []
    while waiting:
        address = waiting.pop(0)
        answer = fetch(port, address, {"Accept-Encoding": "gzip"})
        assert answer.status == 200, f"{address}: {answer.status}"
        total += len(answer.body)
        name = address.rpartition("/")[2]
        if f"max-age={_YEAR}" not in (answer.headers["Cache-Control"] or ""):
            unkept.append(name)
        if not answer.headers["Content-Encoding"] and len(answer.body) > 1_000:
            uncompressed.append(name)
        if name.endswith(".css"):
            for found in _IMPORT.findall(_plain(answer)):
                imported = f"{address.rpartition('/')[0]}/{found.decode()}"
                if imported not in seen:
                    seen.append(imported)
                    waiting.append(imported)
    return Visit(path, 1 + len(seen), total, tuple(unkept), tuple(uncompressed))


def _plain(answer: Answer) -> bytes:
    return gzip.decompress(answer.body) if answer.headers["Content-Encoding"] == "gzip" else answer.body
