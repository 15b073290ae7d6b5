"""How tests are shared out among the workers of a run: whole files, the longest first.

A file that takes a minute and comes last is a minute in which the other workers have nothing to do.
"""

import pytest
from xdist.scheduler import LoadFileScheduling

#: Where what takes long stands, the longest first; all else is short.
_LONGEST = (
    "tests/doors/",
    "tests/browser/test_hostile_text.py",
    "tests/browser/",
    "tests/integration/benchmarks/",
    "tests/integration/allocations/",
    "tests/integration/polls/",
    "tests/integration/",
    "tests/web/",
    "tests/architecture/",
)
#: Folders whose files share what takes a worker long to make: the furnished site, and what visitors find there.
_TOGETHER = ("tests/doors/",)


def place_in_line(item: pytest.Item) -> int:
    return next((place for place, start in enumerate(_LONGEST) if item.nodeid.startswith(start)), len(_LONGEST))


class WholeFiles(LoadFileScheduling):
    """Tests of a file go to one worker, which has its fixtures; files go out in the order of collection.

    xdist itself would start with the files that have most tests, and those are the quickest ones."""

    def __init__(self, config: pytest.Config, log: object = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return next((folder for folder in _TOGETHER if file.startswith(folder)), file)
