"""``civicvote serve`` and ``civicvote demo``: the site behind a production server, with or without a living example."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import click
from flask.cli import ScriptInfo
from flask_migrate import upgrade

from civicvote.cli.example.accounts import PASSWORD, SIGN_INS
from civicvote.cli.example.load import example_is_loaded, load_example
from civicvote.web.settings import settings

_MIGRATIONS = str(Path(__file__).parents[2] / "migrations")


def _server_command(*, host: str, port: int, workers: int, threads: int) -> list[str]:
    """Gunicorn with threaded workers, forked from one process that has the application ready: one that dies is
    replaced at once."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "civicvote.app:create_app()",
        f"--bind={host}:{port}",
        f"--workers={workers}",
        f"--threads={threads}",
        "--worker-class=gthread",
        "--preload",
        "--no-control-socket",
        "--log-level=warning",
    ]


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Processes; about one a core.")
@click.option("--threads", default=8, show_default=True, help="Threads a process.")
def serve_command(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the site with gunicorn."""
    command = _server_command(host=host, port=port, workers=workers, threads=threads)
    os.execv(command[0], command)  # from here on this process is the server, and gets its signals itself


@click.command("demo")
@click.option("--port", default=5000, show_default=True)
@click.pass_context
def demo_command(context: click.Context, port: int) -> None:
    """Migrate a database under instance/, fill it with a living example and serve it."""
    os.environ.setdefault("CIVICVOTE_ENVIRONMENT", "demo")
    os.environ.setdefault("CIVICVOTE_INSTANCE_PATH", "instance")
    app = context.ensure_object(ScriptInfo).load_app()
    with app.app_context():
        upgrade(directory=_MIGRATIONS)
        if not example_is_loaded():
            click.echo("Filling the living example (once) …")
            load_example(key_folder=settings().key_path, say=click.echo)
        log_path = settings().instance_path / "server.log"
    _introduce(port, log_path)
    commands = (
        _server_command(host="127.0.0.1", port=port, workers=2, threads=8),
        [sys.executable, "-m", "civicvote", "worker", "--quiet"],
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with log_path.open("ab") as log:
        server, worker = (subprocess.Popen(command, stderr=log) for command in commands)
        try:
            raise SystemExit(server.wait())
        finally:
            for process in (worker, server):
                process.terminate()
                process.wait(timeout=15)


def _introduce(port: int, log_path: Path) -> None:
    click.echo(f"\nCivicVote is at http://127.0.0.1:{port}   (English: http://127.0.0.1:{port}/en/)")
    click.echo(f"Sign in with one of these addresses; the password is always: {PASSWORD}\n")
    for sign_in in SIGN_INS:
        click.echo(f"  {sign_in.email:<26} {sign_in.who}")
    click.echo("\nThe desks ask for a second factor; the page that asks says which code is right now.")
    click.echo(f"\nMail that the site sends: http://127.0.0.1:{port}/demo/mail")
    click.echo(f"What the server says: {log_path}     Stop it with Ctrl+C\n")
