"""A crowd of voters: processes with an application and an engine each, all of whose threads cast at the same moment."""

import multiprocessing
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import sqlalchemy as sa

from civicvote.app import create_app
from civicvote.config import Settings
from civicvote.db import db, unit_of_work
from civicvote.domain.polls import services_casting
from civicvote.domain.polls.errors import UnknownPoll
from civicvote.domain.polls.models import Envelope
from civicvote.domain.polls.services_casting import POLL_FOR_CASTING, PollForCasting, cast_ballot
from civicvote.kernel.actor import Actor
from civicvote.kernel.errors import Refusal
from tests.factories.polls import MAC_KEY

PROCESSES = 2
_LEAD_SECONDS = 0.05


@dataclass(frozen=True)
class Attempt:
    """One cast of one voter."""

    region_id: int
    poll_id: int
    voter_id: int
    choices: tuple[str, ...]
    key: str


@dataclass(frozen=True)
class Answer:
    """Exactly one of ``receipt``, ``refusal`` (its code) and ``error`` (anything else) is given."""

    attempt: Attempt
    receipt: str | None = None
    refusal: str | None = None
    error: str | None = None


def _unlocked(region_id: int, poll_id: int, voter_id: int, key_hash: str) -> PollForCasting:
    values = {"region_id": region_id, "poll_id": poll_id, "voter_id": voter_id, "key_hash": key_hash}
    row = db.session.execute(POLL_FOR_CASTING, values).first()
    if row is None:
        raise UnknownPoll
    return PollForCasting(*row)


def _another_envelope(voter: dict[str, Any], sealed: bytes, receipt: str, channel: Any, now: Any) -> None:
    content = {"sealed": sealed, "receipt": receipt, "channel": channel, "cast_at": now}
    db.session.execute(sa.insert(Envelope).values(**voter, **content))


#: The service with one of its guards taken out, by name: what to put in the place of which function.
VARIANTS: dict[str, dict[str, Any]] = {
    "guarded": {},
    "without the lock": {"lock_for_casting": _unlocked},
    "without the upsert": {"store_envelope": _another_envelope},
}


def _cast(app: Any, attempt: Attempt) -> Answer:
    with app.app_context():
        try:
            with unit_of_work():
                receipt = cast_ballot(
                    actor=Actor(attempt.voter_id, "voter"),
                    region_id=attempt.region_id,
                    poll_id=attempt.poll_id,
                    choices=attempt.choices,
                    idempotency_key=attempt.key,
                    mac_key=MAC_KEY,
                )
            return Answer(attempt, receipt=receipt.code)
        except Refusal as refusal:
            return Answer(attempt, refusal=refusal.code)
        except Exception as error:
            return Answer(attempt, error=repr(error))


def _work(settings: Settings, pipe: Connection) -> None:
    app = create_app(settings)
    guarded = {name: getattr(services_casting, name) for variant in VARIANTS.values() for name in variant}
    pipe.send("ready")
    while (order := pipe.recv()) is not None:
        variant, start_at, queues = order
        for name, function in (guarded | VARIANTS[variant]).items():
            setattr(services_casting, name, function)
        answers: list[Answer] = []

        def run(queue: Sequence[Attempt], start_at: float = start_at, answers: list[Answer] = answers) -> None:
            time.sleep(max(0.0, start_at - time.monotonic()))
            answers.extend(_cast(app, attempt) for attempt in queue)

        threads = [threading.Thread(target=run, args=(queue,)) for queue in queues]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pipe.send(answers)
    with app.app_context():
        db.engine.dispose()


class Crowd:
    """``with Crowd(settings) as crowd``: the processes live as long as the block."""

    def __init__(self, settings: Settings) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipes, self._processes = [], []
        for _ in range(PROCESSES):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(settings, theirs), daemon=True)
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)

    def __enter__(self) -> "Crowd":
        for pipe in self._pipes:
            assert pipe.recv() == "ready"
        return self

    def __exit__(self, *_: object) -> None:
        for pipe, process in zip(self._pipes, self._processes, strict=True):
            pipe.send(None)
            process.join(10)
            process.close() if process.exitcode is not None else process.kill()
            pipe.close()

    def start(self, queues: Sequence[Sequence[Attempt]], *, variant: str = "guarded") -> float:
        """A thread for each queue, spread over the processes. The moment (monotonic) at which all begin."""
        start_at = time.monotonic() + _LEAD_SECONDS
        for number, pipe in enumerate(self._pipes):
            pipe.send((variant, start_at, queues[number::PROCESSES]))
        return start_at

    def answers(self) -> list[Answer]:
        """Everything that was answered, once all threads are done."""
        return [answer for pipe in self._pipes for answer in pipe.recv()]
