"""Our own load generator: a few processes, each with an event loop over keep-alive connections.

It sends every POST, where each request needs a fresh key and an answer of one certain status, and every GET where
``wrk`` is not installed. Run as a program it is one of the processes: a job in JSON on standard input, the times of the
answers in JSON on standard output.
"""

import json
import selectors
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from benchmarks.load import FRESH, Sample, Shot, Target, fresh, percentile

_PROCESSES = 2
_HEAD_START = 0.6  # until every process has imported what it needs


def shoot(target: Target, clients: int, seconds: float) -> Sample:
    """Send ``target``'s shots from ``clients`` connections for ``seconds``; each client has shots of its own."""
    processes = min(_PROCESSES, clients)
    start = time.time() + _HEAD_START
    running = []
    for number in range(processes):
        own = [_requests(target, client, clients) for client in range(number, clients, processes)]
        job = {"port": target.port, "clients": own, "statuses": target.statuses, "start": start, "seconds": seconds}
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdin
        process.stdin.write(json.dumps(job))
        process.stdin.close()
        running.append(process)
    times: list[float] = []
    late = 0
    wrong: list[int] = []
    for process in running:
        assert process.stdout
        result = json.loads(process.stdout.read())
        process.wait()
        times += result["times"]
        wrong += result["wrong"]
        late += result["late"]
    times.sort()
    return Sample(
        per_second=len(times) / seconds,
        p50=percentile(times, 0.50),
        p95=percentile(times, 0.95),
        answered=len(times) + late,
        wrong=len(wrong),
        statuses=tuple(sorted(set(wrong))),
    )


def _requests(target: Target, client: int, clients: int) -> list[str]:
    own = target.shots[client % len(target.shots) :: clients] or target.shots
    return [_written(shot, target.port) for shot in own]


def _written(shot: Shot, port: int) -> str:
    lines = [f"{shot.method} {shot.path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in shot.headers]
    if shot.method == "POST":
        lines.append("Content-Type: application/x-www-form-urlencoded")
        lines.append(f"Content-Length: {len(shot.body.encode())}")
    return "\r\n".join([*lines, "", shot.body])


@dataclass(slots=True)
class _Connection:
    port: int
    requests: Any
    wire: socket.socket = field(init=False)
    buffer: bytearray = field(default_factory=bytearray)
    sent_at: float = 0.0

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.wire = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> None:
        request = next(self.requests).replace(FRESH, fresh())
        self.buffer.clear()
        self.sent_at = time.perf_counter()
        self.wire.sendall(request.encode())

    def received(self) -> tuple[int, bool] | None:
        """Status of the answer and whether the connection stays, once the answer is complete. ``OSError`` if cut."""
        data = self.wire.recv(262_144)
        if not data:
            raise ConnectionResetError
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.buffer[:end]).lower()
        status = int(head[9:12])
        length = 0
        if status not in (204, 304):
            at = head.find(b"\r\ncontent-length:")
            if at < 0:
                raise ValueError("an answer without a length")
            length = int(head[at + 17 :].split(b"\r\n", 1)[0])
        if len(self.buffer) < end + 4 + length:
            return None
        return status, b"\r\nconnection: close" not in head


@dataclass(slots=True)
class _Tally:
    statuses: list[int]
    end: float
    times: list[float] = field(default_factory=list)
    late: int = 0
    wrong: list[int] = field(default_factory=list)

    def note(self, status: int, sent_at: float, now: float) -> None:
        if status not in self.statuses:
            self.wrong.append(status)
        elif now <= self.end:
            self.times.append((now - sent_at) * 1000)
        else:
            self.late += 1


def _work(job: dict[str, Any]) -> dict[str, Any]:
    waiting = selectors.DefaultSelector()
    connections = [_Connection(job["port"], cycle(requests)) for requests in job["clients"]]
    for connection in connections:
        waiting.register(connection.wire, selectors.EVENT_READ, connection)
    time.sleep(max(0.0, job["start"] - time.time()))
    tally = _Tally(job["statuses"], time.perf_counter() + job["seconds"])
    for connection in connections:
        connection.send()
    while waiting.get_map():
        ready = waiting.select(timeout=30)
        if not ready:
            tally.wrong += [0] * len(waiting.get_map())
            break
        for key, _events in ready:
            _take(key.data, waiting, tally)
    return {"times": tally.times, "late": tally.late, "wrong": tally.wrong}


def _take(connection: _Connection, waiting: selectors.BaseSelector, tally: _Tally) -> None:
    """Read what came; once the answer is whole, note it and send the next request while there is time."""
    try:
        answer = connection.received()
    except (OSError, ValueError):
        answer = (0, False)
    if answer is None:
        return
    status, is_kept = answer
    now = time.perf_counter()
    tally.note(status, connection.sent_at, now)
    if not is_kept or now >= tally.end:
        waiting.unregister(connection.wire)
        connection.wire.close()
    if now < tally.end:
        if not is_kept:
            connection.open()
            waiting.register(connection.wire, selectors.EVENT_READ, connection)
        connection.send()


if __name__ == "__main__":
    json.dump(_work(json.load(sys.stdin)), sys.stdout)
