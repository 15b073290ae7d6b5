"""What many readers ask for again and again is kept for a while in each process.

The numbers beside the filters cost time that grows with the round; the districts of a region change once a year.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from flask import current_app

T = TypeVar("T")

_MOST_KEPT = 512
_EXTENSION = "proposal_lists"
_lock = Lock()


def kept(key: Hashable, *, seconds: float, read: Callable[[], T]) -> T:
    """What ``read`` answered for this key at most ``seconds`` ago, or answers now."""
    store: OrderedDict[Hashable, tuple[float, Any]] = current_app.extensions.setdefault(_EXTENSION, OrderedDict())
    with _lock:
        found = store.get(key)
    if found is not None and monotonic() - found[0] < seconds:
        value: T = found[1]
        return value
    value = read()
    with _lock:
        store[key] = (monotonic(), value)
        store.move_to_end(key)
        while len(store) > _MOST_KEPT:
            store.popitem(last=False)
    return value
