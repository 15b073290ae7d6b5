"""Pages for everybody: the list, one question with its map, how it is computed, the answers as files."""

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import abort, request
from flask.typing import ResponseReturnValue

from civicvote.blueprints.opinions.blueprint import opinions
from civicvote.blueprints.opinions.showing import base_context, card_context, page_context, read_key
from civicvote.domain.opinions.errors import ExportNotReady
from civicvote.domain.opinions.gate import LEAST_AGREEMENT, LEAST_PEOPLE, RUNS, SHUFFLES
from civicvote.domain.opinions.policy import LEAST_EXPORTED, LEAST_SHOWN_GROUP, is_running
from civicvote.domain.opinions.queries import (
    accepted_statements,
    counts_by_number,
    list_questions,
    newest_snapshot,
    people_who_answered,
    question_view,
)
from civicvote.domain.opinions.queries_votes import exported_statements, vote_matrix
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel.actor import can
from civicvote.kernel.permissions import Permission
from civicvote.web.auth import current_actor
from civicvote.web.csv_files import csv_file
from civicvote.web.htmx import render, wants_fragment
from civicvote.web.scope import current_region

if TYPE_CHECKING:
    from civicvote.domain.opinions.matrix import VoteMatrix


@opinions.get("")
def index(slug: str) -> ResponseReturnValue:
    region = current_region()
    round_id = read_key(request.args.get("round"))
    return render(
        "opinions/index.html",
        fragment="opinions/_rows.html",
        round=announced_round(region.id, round_id) if round_id else None,
        listed=list_questions(region.id, round_id=round_id, cursor=request.args.get("after")),
        runs=is_running,
        may_manage=can(current_actor(), Permission.OPINION_MANAGE, region.id),
    )


@opinions.get("/method")
def method(slug: str) -> ResponseReturnValue:
    figures = {"people": LEAST_PEOPLE, "shuffles": SHUFFLES, "runs": RUNS, "agreement": LEAST_AGREEMENT}
    return render("opinions/method.html", gate=figures, least_group=LEAST_SHOWN_GROUP)


@opinions.get("/<id:question_id>")
def show(slug: str, question_id: int) -> ResponseReturnValue:
    """With ``statement`` in the address that statement is asked once more; htmx gets the card alone."""
    view = question_view(current_actor(), current_region().id, question_id)
    wanted, answered = read_key(request.args.get("statement")), read_key(request.args.get("answered"))
    if wants_fragment():
        return render("opinions/_card.html", is_swapped=True, **card_context(view, wanted=wanted, answered=answered))
    return render("opinions/show.html", **page_context(view, wanted=wanted, answered=answered))


@opinions.get("/<id:question_id>/statements")
def statements(slug: str, question_id: int) -> ResponseReturnValue:
    view = question_view(current_actor(), current_region().id, question_id)
    snapshot = newest_snapshot(view.question.region_id, question_id)
    return render(
        "opinions/statements.html",
        snapshot=snapshot,
        counts=counts_by_number(snapshot),
        least_shown=LEAST_SHOWN_GROUP,
        fragment="opinions/_statements.html",
        listed=accepted_statements(view.question.region_id, question_id, cursor=request.args.get("after")),
        **base_context(view),
    )


@opinions.get("/<id:question_id>/export/<name>.csv")
def export(slug: str, question_id: int, name: str) -> ResponseReturnValue:
    """The files of Polis, of closed questions: participants in an order drawn anew, nobody's number stays."""
    question = question_view(current_actor(), current_region().id, question_id).question
    if name not in ("comments", "participants-votes"):
        abort(404)
    if is_running(question) or people_who_answered(question) < LEAST_EXPORTED:
        raise ExportNotReady(least=LEAST_EXPORTED)
    if name == "comments":
        columns = ["comment-id", "agrees", "disagrees", "moderated", "comment-body"]
        return csv_file("comments.csv", columns, exported_statements(question.region_id, question_id))
    matrix = vote_matrix(question.region_id, question_id, with_refused=False)
    columns = ["participant", "n-votes", *map(str, matrix.statements)]
    return csv_file("participants-votes.csv", columns, _rows(matrix))


def _rows(matrix: "VoteMatrix") -> Iterator[list[str]]:
    order = list(range(len(matrix.participants)))
    secrets.SystemRandom().shuffle(order)
    for number, row in enumerate(order):
        cells = zip(matrix.votes[row].tolist(), matrix.seen[row].tolist(), strict=True)
        yield [str(number), str(int(matrix.cast[row])), *(str(vote) if seen else "" for vote, seen in cells)]
