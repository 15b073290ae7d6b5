"""Where the real data lies. A run that must have it says so with ``CIVICVOTE_REQUIRE_REAL_DATA=1``."""

import os
from pathlib import Path

import pytest

_PROJECT = Path(__file__).parents[1]


def real_data_folder() -> Path:
    """``CIVICVOTE_REAL_DATA``, by default ``../shared/data`` seen from the project."""
    return _PROJECT / os.environ.get("CIVICVOTE_REAL_DATA", "../shared/data")


def real_files(pattern: str) -> list[Path]:
    """The real files that match, such as ``pabulib/*.pb``; an empty list where there is no real data."""
    return sorted(real_data_folder().glob(pattern))


def require_real_data() -> None:
    """Skip the test where there is no real data, or fail it where the run demands some."""
    folder = real_data_folder()
    if (folder / "pabulib").is_dir():
        return
    reason = f"no real data in {folder} (CIVICVOTE_REAL_DATA)"
    if os.environ.get("CIVICVOTE_REQUIRE_REAL_DATA") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
