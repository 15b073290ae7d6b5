"""Servers as in production: gunicorn with threaded workers forked from one, its log in a file, answers kept alive."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.http import fetch

WORKERS = 2
THREADS = 8
_PATIENCE_SECONDS = 60.0


class ServerFailed(Exception):
    """The server did not answer; the text is the end of its log."""


@contextmanager
def serving(application: str, environment: Mapping[str, str], folder: Path, probe: str) -> Iterator[int]:
    """The port on which ``application`` answers, until the block ends. ``probe`` is an address that answers 200."""
    port, log = free_port(), folder / f"server-{application.partition(':')[0]}-{time.time_ns()}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command_of(application, port), env={**os.environ, **environment}, stdout=output, stderr=output
        )
        try:
            _wait(process, port, probe, log)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=60)  # gunicorn gives requests 30 seconds to end


def command_of(application: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", application, f"--bind=127.0.0.1:{port}"),
        *(f"--workers={WORKERS}", f"--threads={THREADS}", "--worker-class=gthread", "--keep-alive=30", "--preload"),
        *("--no-control-socket", "--log-level=warning"),
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], port: int, probe: str, log: Path) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if fetch(port, probe).status == 200:
                return
        except OSError:
            time.sleep(0.1)
            continue
        time.sleep(0.1)
    raise ServerFailed(log.read_text()[-2000:])
