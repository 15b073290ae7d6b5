"""A Pabulib file as rows of cells, streamed, each with the number of its first line."""

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

from civicvote.domain.tally.pabulib.problems import PabulibError, Problem, ProblemCode

Progress: TypeAlias = Callable[[int], None]
"""Called with the number of lines read so far, now and then and once at the end."""

_LINES_BETWEEN_REPORTS = 2_000


class Row(NamedTuple):
    """``line`` is the first one of the row, from 1; ``cells`` are stripped of surrounding space."""

    line: int
    cells: list[str]


class _Lines:
    """Decoded lines. They end at LF, CR LF or CR only: U+2028 and its kin are ordinary characters here."""

    def __init__(self, stream: Iterable[bytes], progress: Progress | None) -> None:
        self._stream = stream
        self._progress = progress
        self.count = 0
        self.was_asked_for_more = False

    def __iter__(self) -> Iterator[str]:
        for chunk in self._stream:
            text = self._decode(chunk)
            for line in text.rstrip("\r\n").split("\r") if "\r" in text else (text,):
                self.count += 1
                if self._progress and self.count % _LINES_BETWEEN_REPORTS == 0:
                    self._progress(self.count)
                yield line if line.endswith("\n") else line + "\n"
        self.was_asked_for_more = True
        if self._progress:
            self._progress(self.count)

    def _decode(self, chunk: bytes) -> str:
        try:
            text = chunk.decode("utf-8-sig" if self.count == 0 else "utf-8")
        except UnicodeDecodeError as error:
            line = self.count + 1 + chunk[: error.start].count(b"\r")
            raise PabulibError([Problem(line, ProblemCode.NOT_UTF8)]) from error
        if "\0" in text:
            raise PabulibError([Problem(self.count + 1, ProblemCode.NOT_TEXT)])
        return text


def read_rows(stream: Iterable[bytes], progress: Progress | None = None) -> Iterator[Row]:
    """The rows that hold anything.

    ``stream`` yields bytes that end with LF, as an open binary file does. Raises :class:`PabulibError` where
    the bytes are not UTF-8 text or a quotation mark swallows the rest.
    """
    lines = _Lines(stream, progress)
    reader = csv.reader(lines, delimiter=";", skipinitialspace=True)
    while True:
        first_line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:  # the field grew beyond the csv module's limit
            raise PabulibError([Problem(first_line, ProblemCode.QUOTE_NOT_CLOSED)]) from error
        if cells is None:
            return
        if lines.was_asked_for_more:
            raise PabulibError([Problem(first_line, ProblemCode.QUOTE_NOT_CLOSED)])
        cells = list(map(str.strip, cells))
        if any(cells):
            yield Row(first_line, cells)
