"""The single-machine key: one file a poll, outside the folder that backups copy, gone once the ballots are counted.

With it alone the envelopes of a poll can be opened; losing it loses the poll, keeping it keeps the voters' choices
readable. So it is forced to disk before a ballot is sealed to it, and overwritten before it is removed.
"""

import os
from pathlib import Path

from civicvote.domain.polls.errors import KeyFolderUnusable, KeyMissing


def key_path(folder: Path, poll_id: int) -> Path:
    return folder / f"{poll_id}.key"


def store(folder: Path, poll_id: int, private_key: str) -> None:
    """Write the key with mode 0600. Raises ``KeyFolderUnusable``, ``FileExistsError`` where the poll has one."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(key_path(folder, poll_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise
    except OSError as error:
        raise KeyFolderUnusable from error
    with os.fdopen(handle, "w") as file:
        file.write(private_key)
        file.flush()
        os.fsync(file.fileno())
    _sync(folder)


def load(folder: Path, poll_id: int) -> str:
    """The private key, hex. Raises ``KeyMissing``."""
    try:
        return key_path(folder, poll_id).read_text()
    except OSError as error:
        raise KeyMissing from error


def exists(folder: Path, poll_id: int) -> bool:
    return key_path(folder, poll_id).exists()


def destroy(folder: Path, poll_id: int) -> bool:
    """Overwrite and remove the key. Whether there was one: a second call does nothing. Raises ``KeyFolderUnusable``."""
    path = key_path(folder, poll_id)
    try:
        with path.open("r+b") as file:
            length = len(file.read())
            file.seek(0)
            file.write(b"\0" * length)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise KeyFolderUnusable from error
    _sync(folder)
    return True


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
