"""Where the bytes lie: a folder by default, or any storage that fsspec knows (``s3://bucket/prefix``).

Names are random, so an address tells nothing and can't be guessed; who may see what decides the database.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import fsspec  # type: ignore[import-untyped]

_NAME = re.compile(r"[0-9a-f]{32}(-thumbnail)?")


def new_name() -> str:
    """128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def thumbnail_of(name: str) -> str:
    """The name under which the thumbnail of ``name`` lies."""
    return f"{name}-thumbnail"


def owner_of(name: str) -> str:
    """The name that a row holds, of a file or its thumbnail."""
    return name.removesuffix("-thumbnail")


@dataclass(frozen=True, slots=True)
class Store:
    """``options`` go to the storage as they are (endpoint, credentials) and are never printed."""

    url: str
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def put(self, name: str, content: bytes) -> None:
        files, path = self._place(name)
        files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
        files.pipe_file(path, content)

    def read(self, name: str) -> bytes:
        """Raises ``FileNotFoundError``."""
        files, path = self._place(name)
        content: bytes = files.cat_file(path)
        return content

    def remove(self, name: str) -> None:
        """Remove the file; one that is not there is removed already."""
        files, path = self._place(name)
        with suppress(FileNotFoundError):
            files.rm_file(path)

    def names_before(self, moment: datetime) -> Iterator[str]:
        """What was written before ``moment`` (aware), in no order."""
        files, root = self._root()
        files.invalidate_cache()
        with suppress(FileNotFoundError):
            for path, details in files.find(root, detail=True).items():
                name = path.rsplit("/", 1)[-1]
                if _NAME.fullmatch(name) and files.modified(details["name"]) < moment:
                    yield name

    def _place(self, name: str) -> tuple[Any, str]:
        if not _NAME.fullmatch(name):
            raise ValueError("not a name of this store")
        files, root = self._root()
        return files, f"{root}/{name[:2]}/{name}"

    def _root(self) -> tuple[Any, str]:
        # fsspec keeps one file system an address, and a new one in a forked process.
        files, root = fsspec.core.url_to_fs(self.url, **self.options)
        return files, str(root).rstrip("/")
