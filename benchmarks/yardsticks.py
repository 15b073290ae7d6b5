"""What the operations are measured against: bare Flask views on the application's own server and database settings.

``hello`` returns a short text; ``ref`` selects 50 rows and renders them with Jinja; ``v4`` is a POST with four SQL
statements and one durable commit. ``commit`` needs no view: see ``databases.commits_per_second``.
"""

import os
import random
from typing import Any

import sqlalchemy as sa
from flask import Flask, render_template, request
from jinja2 import DictLoader

from civicvote.db import engine_options, intends_to_write

ROWS = 1_000
SHOWN = 50

metadata = sa.MetaData()
notes = sa.Table(
    "bench_notes",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("title", sa.String(120), nullable=False),
    sa.Column("summary", sa.String(200), nullable=False),
    sa.Column("place", sa.String(80), nullable=False),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
)
marks = sa.Table(
    "bench_marks",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("note_id", sa.BigInteger, nullable=False),
    sa.Column("key", sa.String(64), nullable=False),
)
commits = sa.Table(
    "bench_commits",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

PAGE = """<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><title>ref</title></head>
<body><h1>ref</h1><ol>
{% for row in rows %}
<li><h2><a href="/notes/{{ row.id }}">{{ row.title }}</a></h2><p>{{ row.summary }}</p>
<p>{{ row.place }} · {{ row.count }} · {{ row.made_at }}</p></li>
{% endfor %}
</ol></body></html>
"""


def fill(engine: sa.Engine) -> None:
    """Create the yardsticks' tables beside the application's and put rows into them."""
    metadata.create_all(engine)
    made = sa.func.current_timestamp()
    with engine.begin() as connection:
        connection.execute(
            sa.insert(notes).values(made_at=made),
            [
                {
                    "id": number,
                    "title": f"느티나무 공원 보안등 늘리기 {number}",
                    "summary": "밤이면 어두워 다니기 무서운 골목에 보안등을 더 달자는 제안입니다.",
                    "place": "느티나무 공원",
                    "count": number % 97,
                }
                for number in range(1, ROWS + 1)
            ],
        )


def create_app() -> Flask:
    """The yardsticks as an application of their own, on the database in ``CIVICVOTE_DATABASE_URL``."""
    app = Flask(__name__)
    address = os.environ["CIVICVOTE_DATABASE_URL"]
    engine = sa.create_engine(address, **engine_options(address))
    app.jinja_loader = DictLoader({"ref.html": PAGE})  # type: ignore[assignment]

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    @app.get("/ref")
    def ref() -> str:
        with engine.connect() as connection:
            rows = connection.execute(sa.select(notes).order_by(notes.c.id.desc()).limit(SHOWN)).all()
        return render_template("ref.html", rows=rows)

    @app.post("/v4")
    def v4() -> tuple[dict[str, Any], int]:
        # A row drawn at random, so that the yardstick waits for the disk and not for other clients.
        note_id = random.randint(1, ROWS)  # noqa: S311
        token = intends_to_write.set(True)  # SQLite begins as it does for the application's own writes
        try:
            with engine.begin() as connection:
                note = connection.execute(sa.select(notes).where(notes.c.id == note_id)).one()
                seen = connection.scalar(sa.select(sa.func.count()).select_from(marks).where(marks.c.id == note.count))
                connection.execute(sa.insert(marks).values(note_id=note_id, key=request.form["key"]).inline())
                connection.execute(sa.update(notes).where(notes.c.id == note_id).values(count=notes.c.count + 1))
        finally:
            intends_to_write.reset(token)
        return {"note": note.id, "seen": seen}, 201

    return app
