"""Where the money went, for everybody."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.allocations.blueprint import allocations
from civicvote.domain.allocations.queries import money_of_projects, round_money, sources_of
from civicvote.domain.allocations.queries_alerts import shown_round
from civicvote.domain.allocations.queries_lists import fundings_of_round, latest_payments
from civicvote.domain.allocations.rules import RoundMoney
from civicvote.domain.budgeting.queries import projects_of_round
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.rounds.queries import rounds_of
from civicvote.kernel import ids
from civicvote.web.filters import money as money_words
from civicvote.web.htmx import render
from civicvote.web.scope import current_region


@allocations.get("/regions/<slug>/money")
def money(slug: str) -> ResponseReturnValue:
    region = current_region()
    round_ = shown_round(region.id, wanted_round())
    if round_ is None:
        return render("allocations/no_round.html")
    listed = projects_of_round(region.id, round_.id, state=ProjectState.SELECTED, cursor=request.args.get("after"))
    whole = round_money(region.id, round_.id)
    sources = sources_of(region.id, round_.id)
    return render(
        "allocations/money.html",
        fragment="allocations/_projects.html",
        round=round_,
        rounds=rounds_of(region.id).items,
        whole=whole,
        way=way_of_money(whole, sources),
        fundings=fundings_of_round(region.id, round_.id, cursor=request.args.get("fundings_after")),
        listed=listed,
        of_project=money_of_projects(region.id, listed.items),
        payments=latest_payments(region.id, [project.id for project in listed.items]),
        round_key=ids.encode(round_.id),
    )


def wanted_round() -> int | None:
    """The round that ``?round=`` names; 0, which is none, where it names none."""
    text = request.args.get("round")
    try:
        return ids.decode(text) if text else None
    except ValueError:
        return 0


def way_of_money(whole: RoundMoney, sources: list[tuple[str, int]]) -> list[dict[str, Any]]:
    """The stages of the flow picture: where it came from, what it was set aside for, what became of it."""
    return [
        {
            "label": _("Came in"),
            "amount": whole.funded,
            "parts": [{"label": name, "amount": amount} for name, amount in sources],
        },
        {
            "label": _("Allocated to projects"),
            "amount": whole.allocated,
            "parts": [],
            "note": _("The rest waits in the envelope.") if whole.in_envelope else "",
        },
        {
            "label": _("Paid out"),
            "amount": whole.disbursed,
            "parts": [],
            "note": _left_and_returned(whole),
        },
    ]


def _left_and_returned(whole: RoundMoney) -> str:
    region = current_region()
    left, returned = money_words(whole.left, region), money_words(whole.returned, region)
    if whole.returned:
        return _("%(left)s is left with the projects, %(returned)s was returned.", left=left, returned=returned)
    return _("%(left)s is left with the projects.", left=left) if whole.left else ""
