"""Tables as CSV files that a person saves: made and answered in one request, nothing of them is kept on the server."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Response

from civicvote.kernel.csv_cells import safe_cell

_IN_MEMORY = 1024 * 1024
_CHUNK = 64 * 1024


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """The rows as an attachment in UTF-8 with a byte order mark, without which Excel misreads Korean.

    ``name`` in ASCII. The rows are read at once, in the request's transaction; beyond a megabyte they wait in a
    nameless temporary file until they are sent, so memory stays the same however many there are."""
    file = SpooledTemporaryFile(max_size=_IN_MEMORY, mode="w+b")  # noqa: SIM115 – closed when it is sent
    text = io.TextIOWrapper(cast("IO[bytes]", file), encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    text.detach()
    return _attached(name, "text/csv", file)


def text_file(name: str, mimetype: str, parts: Iterable[str]) -> Response:
    """The parts, one after the other, as an attachment in UTF-8; read and kept like the rows of ``csv_file``."""
    file = SpooledTemporaryFile(max_size=_IN_MEMORY, mode="w+b")  # noqa: SIM115 – closed when it is sent
    for part in parts:
        file.write(part.encode())
    return _attached(name, mimetype, file)


def _attached(name: str, mimetype: str, file: "SpooledTemporaryFile[bytes]") -> Response:
    response = Response(_sent(file), mimetype=mimetype)
    response.content_length = file.tell()
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.cache_control.no_store = True
    return response


def _sent(file: "SpooledTemporaryFile[bytes]") -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk
