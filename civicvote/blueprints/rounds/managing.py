"""Running a region's rounds: the checklist, a new round, its announcement, a longer phase."""

from flask import abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.rounds.blueprint import rounds
from civicvote.blueprints.rounds.forms import ExtensionForm, RoundForm, values_of, values_of_new
from civicvote.blueprints.rounds.pages import picture_of
from civicvote.domain.lifecycle.queries import round_checklist
from civicvote.domain.lifecycle.services import extend_phase
from civicvote.domain.rounds.planning import extended
from civicvote.domain.rounds.queries import managed_round, managed_rounds
from civicvote.domain.rounds.readiness import lacks
from civicvote.domain.rounds.schedule import span_of, timeline
from civicvote.domain.rounds.services import announce_round, create_round, edit_round
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel import clock
from civicvote.kernel.phases import Phase
from civicvote.web.auth import signed_in_actor
from civicvote.web.forms import Form
from civicvote.web.htmx import render, see_other
from civicvote.web.scope import current_region


@rounds.get("/regions/<slug>/manage")
@rounds.get("/regions/<slug>/manage/rounds/<id:round_id>")
def manage(slug: str, round_id: int | None = None) -> ResponseReturnValue:
    actor, region = signed_in_actor(), current_region()
    page = managed_rounds(actor, region.id, cursor=request.args.get("after"))
    newest = page.items[0] if page.items else None
    round_ = newest if round_id is None else managed_round(actor, region.id, round_id)
    return render(
        "rounds/manage.html",
        round=round_,
        listed=page,
        plan=round_checklist(round_) if round_ else None,
        timeline=timeline(round_.phases, clock.now()) if round_ else [],
        lacks=lacks(round_, clock.now()) if round_ else [],
    )


@rounds.route("/regions/<slug>/manage/rounds/new", methods=["GET", "POST"])
def create(slug: str) -> ResponseReturnValue:
    actor, region = signed_in_actor(), current_region()
    latest = next(iter(managed_rounds(actor, region.id, size=1).items), None)
    form = RoundForm(data=values_of_new(latest, region.currency_exponent))
    if form.validate_on_submit():
        with form.refusals():
            made = create_round(actor=actor, region_id=region.id, details=form.details(region.currency_exponent))
        if not form.errors:
            flash(_("The draft is stored. Nobody but those who run rounds can see it yet."), "success")
            return see_other(url_for("rounds.manage", slug=slug, round_id=made.id))
    return render("rounds/form.html", status=form.status, form=form, round=None, phases=list(Phase), latest=latest)


@rounds.route("/regions/<slug>/manage/rounds/<id:round_id>/edit", methods=["GET", "POST"])
def edit(slug: str, round_id: int) -> ResponseReturnValue:
    actor, region = signed_in_actor(), current_region()
    round_ = managed_round(actor, region.id, round_id)
    if round_.state is not RoundState.DRAFT:
        return render("rounds/fixed.html", status=409, round=round_)
    form = RoundForm(data=values_of(round_, region.currency_exponent))
    if form.validate_on_submit():
        with form.refusals():
            edit_round(actor=actor, round=round_, details=form.details(region.currency_exponent))
        if not form.errors:
            flash(_("Stored."), "success")
            return see_other(url_for("rounds.manage", slug=slug, round_id=round_id))
    return render("rounds/form.html", status=form.status, form=form, round=round_, phases=list(Phase), latest=None)


@rounds.route("/regions/<slug>/manage/rounds/<id:round_id>/announce", methods=["GET", "POST"])
def announce(slug: str, round_id: int) -> ResponseReturnValue:
    """What will be fixed, shown once more before it is."""
    round_ = managed_round(signed_in_actor(), current_region().id, round_id)
    form = Form()
    if form.validate_on_submit():
        with form.refusals():
            announce_round(actor=signed_in_actor(), round=round_)
        if not form.errors:
            flash(_("The round is announced. Everybody can see it now."), "success")
            return see_other(url_for("rounds.manage", slug=slug, round_id=round_id))
    return render(
        "rounds/announce.html",
        status=form.status,
        form=form,
        round=round_,
        phases=picture_of(round_.phases, slug, round_id),
        lacks=lacks(round_, clock.now()),
    )


@rounds.route("/regions/<slug>/manage/rounds/<id:round_id>/phases/<phase>/extend", methods=["GET", "POST"])
def extend(slug: str, round_id: int, phase: str) -> ResponseReturnValue:
    """First the dates as they would become, then, with the same form once more, the act."""
    if phase not in set(Phase):
        abort(404)
    round_ = managed_round(signed_in_actor(), current_region().id, round_id)
    span = span_of(round_.phases, Phase(phase)) or abort(404)
    form, preview = ExtensionForm(data={"ends_at": span.ends_at}), None
    if form.validate_on_submit() and (ends_at := form.ends_at.data):
        with form.refusals():
            preview = timeline(extended(round_.phases, span.phase, ends_at, clock.now()), clock.now())
            if request.form.get("confirmed"):
                extend_phase(
                    actor=signed_in_actor(),
                    round=round_,
                    phase=span.phase,
                    ends_at=ends_at,
                    reason=form.reason.data,
                )
                flash(_("The phase is extended. The reason stands on the round's page."), "success")
                return see_other(url_for("rounds.manage", slug=slug, round_id=round_id))
    return render(
        "rounds/extend.html",
        status=form.status,
        form=form,
        round=round_,
        span=span,
        preview=preview,
        before=timeline(round_.phases, clock.now()),
    )
