"""Values kept in this process while there is room: the least lately asked for goes first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from civicvote.domain.outcomes.errors import CountingBusy

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """``room`` is in whatever ``size`` counts; a value larger than it is handed out and not kept.

    One value is made at a time: a second reader of the same waits and finds it, one of another waits its turn, so that
    no more than one thread of the process is ever busy making. Nobody waits longer than ``patience`` seconds: threads
    that wait answer nobody else."""

    def __init__(self, room: int, size: Callable[[Value], int] = lambda _value: 1, patience: float = 3.0) -> None:
        self._room, self._size, self._patience = room, size, patience
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._used = 0
        self._lock, self._making = Lock(), Lock()

    def get(self, key: Key) -> Value | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def get_or_make(self, key: Key, make: Callable[[], Value]) -> Value:
        """Raises ``CountingBusy`` where others kept their turn for too long, and what ``make`` raises."""
        if (value := self.get(key)) is not None:
            return value
        if not self._making.acquire(timeout=self._patience):
            raise CountingBusy
        try:
            if (value := self.get(key)) is None:
                value = make()
                self._keep(key, value)
        finally:
            self._making.release()
        return value

    def clear(self) -> None:
        with self._lock:
            self._values.clear()
            self._used = 0

    def _keep(self, key: Key, value: Value) -> None:
        if self._size(value) > self._room:
            return
        with self._lock:
            self._values[key] = value
            self._used += self._size(value)
            while self._used > self._room:
                _, gone = self._values.popitem(last=False)
                self._used -= self._size(gone)
