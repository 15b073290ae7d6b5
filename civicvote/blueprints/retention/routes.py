"""What personal data is kept, for how long and why, for everybody."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from civicvote.domain.retention.periods import RETENTION
from civicvote.domain.retention.queries import last_runs
from civicvote.web.htmx import render
from civicvote.web.retention_words import KEPT_WORDS, LASTING_WORDS, period_words

retention = Blueprint("retention", __name__)


@retention.get("/privacy/retention")
def table() -> ResponseReturnValue:
    runs = last_runs()
    lines = [(KEPT_WORDS[line.kept], period_words(line.period), line.fate, runs.get(line.kept)) for line in RETENTION]
    return render(
        "retention/table.html",
        lines=lines,
        lasting=list(LASTING_WORDS.values()),
        ran_at=max((run.destroyed_at for run in runs.values()), default=None),
    )
