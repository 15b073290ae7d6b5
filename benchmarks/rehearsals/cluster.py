"""A PostgreSQL server of its own, which may be stopped as by a power cut. PostgreSQL refuses to run as root, so where
the rehearsal does, the server runs as an ordinary user."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.servers import free_port

_ORDINARY_USERS = ("postgres", "nobody")
_DATABASE = "rehearsal"


class Cluster:
    """A running server with durable commits (the defaults of ``initdb``) and one empty database."""

    def __init__(self, folder: Path, account: pwd.struct_passwd | None) -> None:
        self._folder, self._account, self._port = folder, account, free_port()
        self._data = folder / "data"
        self._run("initdb", "--auth=trust", "--username=civicvote", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()
        self._run("createdb", "--host=127.0.0.1", f"--port={self._port}", "--username=civicvote", _DATABASE, data=False)

    @property
    def address(self) -> str:
        return f"postgresql+psycopg://civicvote@127.0.0.1:{self._port}/{_DATABASE}"

    def start(self) -> None:
        """Start, after recovery where the last stop was immediate, and wait until it answers."""
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        self._run("pg_ctl", "start", "--wait", f"--log={self._folder / 'server.log'}", f"--options={options}")

    def stop_immediately(self) -> None:
        """All processes quit without writing anything out: the next start recovers from the log of changes alone."""
        self._run("pg_ctl", "stop", "--mode=immediate", "--wait")

    def _run(self, program: str, *arguments: str, data: bool = True) -> None:
        place = [f"--pgdata={self._data}"] if data else []
        user = (
            {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []} if self._account else {}
        )
        # Not captured: the server inherits the pipe and would keep it open.
        with (self._folder / "commands.log").open("ab") as log:
            subprocess.run(
                [_program(program), *arguments[:1], *place, *arguments[1:]],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=True,
                **user,  # type: ignore[call-overload]
            )


@contextmanager
def throw_away_cluster() -> Iterator[Cluster]:
    """A cluster in a temporary folder, gone afterwards."""
    account = _ordinary_account() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="civicvote-cluster-"))
    try:
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        cluster = Cluster(folder, account)
        try:
            yield cluster
        finally:
            cluster.stop_immediately()
    finally:
        shutil.rmtree(folder)


def _ordinary_account() -> pwd.struct_passwd:
    known = {account.pw_name: account for account in pwd.getpwall()}
    return next(known[name] for name in _ORDINARY_USERS if name in known)


def _program(name: str) -> str:
    found = next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None)
    found = found or shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is missing; it comes with PostgreSQL's server package (Debian: postgresql)")
    return found
