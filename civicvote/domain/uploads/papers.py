"""Papers made anew: a PDF that shows what it showed, and does nothing.

A few kilobytes of PDF can unfold to gigabytes and keep a processor busy for minutes, whatever limits a reader sets for
single parts. So the work is done by a process of its own with little memory and time (``paper_worker``); where that
ends early, the file is refused.
"""

import subprocess
import sys
import threading

from civicvote.domain.uploads.errors import FileBroken, FileTooLarge, PaperEncrypted, PaperTooLong
from civicvote.domain.uploads.kinds import MediaType
from civicvote.domain.uploads.paper_worker import MAX_PAGES, Ending
from civicvote.domain.uploads.remade import Remade
from civicvote.domain.uploads.titles import shown_title

#: A contract of 200 scanned pages fits; a book of photos does not.
MAX_BYTES = 20 * 1024 * 1024
#: Wall-clock seconds after which nobody waits any longer.
_PATIENCE = 60
#: One worker at a time for each process of the site: each may take a gigabyte, and many papers may arrive together.
_working = threading.Lock()


def is_paper(data: bytes) -> bool:
    """Whether the first bytes are those of a PDF. Readers allow junk before them; files that people make have none."""
    return data.startswith(b"%PDF-")


def remake_paper(data: bytes, *, name: str) -> Remade:
    """The paper without anything that acts or that tells who made it, when and with what.

    Raises ``FileTooLarge``, ``PaperEncrypted``, ``PaperTooLong``, ``FileBroken``.
    """
    if len(data) > MAX_BYTES:
        raise FileTooLarge(name=name, limit=MAX_BYTES // 1024**2)
    command = [sys.executable, "-m", "civicvote.domain.uploads.paper_worker"]
    try:
        with _working:
            worker = subprocess.run(command, input=data, capture_output=True, check=False, timeout=_PATIENCE)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise FileBroken(name=name) from None
    if worker.returncode == Ending.ENCRYPTED:
        raise PaperEncrypted(name=name)
    if worker.returncode == Ending.TOO_LONG:
        raise PaperTooLong(name=name, limit=MAX_PAGES)
    if worker.returncode != Ending.DONE or len(worker.stdout) > 2 * MAX_BYTES:
        raise FileBroken(name=name)
    return Remade(media_type=MediaType.PDF, title=shown_title(name, MediaType.PDF), content=worker.stdout)
