"""Tables as CSV files that a person saves: made and answered in one request, nothing of them is kept on the server."""

import csv
import io
from collections.abc import Iterable, Sequence
from tempfile import SpooledTemporaryFile
from typing import cast

from flask import send_file
from werkzeug.wrappers import Response

from civicvote.kernel.csv_cells import safe_cell

_IN_MEMORY = 1024 * 1024


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """The rows as an attachment in UTF-8 with a byte order mark, without which Excel misreads Korean. Rows beyond a
    megabyte wait in a nameless temporary file until they are sent, so memory stays the same however many there are."""
    file = SpooledTemporaryFile(max_size=_IN_MEMORY, mode="w+b")  # noqa: SIM115 – closed with the answer
    text = io.TextIOWrapper(cast("io.BufferedRandom", file), encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    text.flush()
    text.detach()
    file.seek(0)
    response = send_file(
        cast("io.BufferedRandom", file), mimetype="text/csv", as_attachment=True, download_name=name, max_age=0
    )
    response.cache_control.no_store = True
    return response
