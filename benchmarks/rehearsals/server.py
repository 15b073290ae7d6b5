"""The site's server as in production, which may be killed: a worker, or everything at once (Linux: /proc)."""

import os
import random
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.servers import command_of, free_port


class MortalServer:
    """``application`` behind gunicorn in a process group of its own; started anew it has the same port."""

    def __init__(self, application: str, environment: Mapping[str, str], folder: Path) -> None:
        self.port = free_port()
        self._command = command_of(application, self.port)
        self._environment = {**os.environ, **environment}
        self._log = folder / "server.log"

    def start(self) -> None:
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill_worker(self, source: random.Random) -> bool:
        """``kill -9`` one worker, which the server then replaces; False where none is there yet."""
        workers = self._workers()
        if not workers:
            return False
        os.kill(source.choice(workers), signal.SIGKILL)
        return True

    def kill(self) -> None:
        """``kill -9`` the server with all its workers."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _workers(self) -> list[int]:
        process = self._process.pid
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]

    def complaints(self, most: int = 40) -> list[str]:
        """The last lines of its log that tell of what nobody expected, with the way to it."""
        lines = self._log.read_text().splitlines()
        return [line[-4000:] for line in lines if '"event": "unexpected"' in line or not line.startswith("{")][-most:]


@contextmanager
def mortal_server(application: str, environment: Mapping[str, str], folder: Path) -> Iterator[MortalServer]:
    server = MortalServer(application, environment, folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
