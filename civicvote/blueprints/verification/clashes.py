"""Two accounts with one identity: what waits, and the decision."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.verification.blueprint import verification
from civicvote.blueprints.verification.forms import DecisionForm
from civicvote.domain.lifecycle.services_identity import decide_clash
from civicvote.domain.verification.kinds import ClashDecision
from civicvote.domain.verification.queries_identity import clash_details
from civicvote.domain.verification.queries_identity import clashes as found_clashes
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.labels import label
from civicvote.web.scope import current_region


@verification.get("/regions/<slug>/residency/clashes")
def clashes(slug: str) -> ResponseReturnValue:
    is_open, cursor = "decided" not in request.args, request.args.get("after")
    return render(
        "verification/clashes.html",
        fragment="verification/_clashes.html",
        clashes=found_clashes(signed_in_actor(), current_region().id, is_open=is_open, cursor=cursor),
        is_open=is_open,
        cursor=cursor,
    )


@verification.route("/regions/<slug>/residency/clashes/<id:clash_id>", methods=["GET", "POST"])
def clash(slug: str, clash_id: int) -> ResponseReturnValue:
    actor, region, form = signed_in_actor(), current_region(), DecisionForm()
    if form.validate_on_submit():
        decision = ClashDecision(form.decision.data)
        with form.refusals():
            decide_clash(actor=actor, region=region, clash_id=clash_id, decision=decision, reason=form.reason.data)
        if not form.errors:
            flash(_("Decided. Both people are told."), "success")
            return see_other(url_for("verification.clashes", slug=slug))
    words = {each.value: label(each) for each in ClashDecision}
    details = clash_details(actor, region.id, clash_id)
    return render("verification/clash.html", status=form.status, form=form, clash=details, words=words)
