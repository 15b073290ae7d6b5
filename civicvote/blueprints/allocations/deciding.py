"""The second person: approve or refuse a payment, reverse what was posted wrongly."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.allocations.blueprint import allocations
from civicvote.blueprints.allocations.forms import ApproveForm, RefuseForm, ReverseForm
from civicvote.domain.allocations.policy import can_second
from civicvote.domain.allocations.queries import project_money, round_money
from civicvote.domain.allocations.queries_alerts import waiting_counts
from civicvote.domain.allocations.queries_evidence import evidence_of
from civicvote.domain.allocations.queries_lists import DeskPayment, desk_payment, project_of_transfer, transfer_line
from civicvote.domain.allocations.services import approve_disbursement, refuse_disbursement, reverse_transfer
from civicvote.domain.allocations.states import DisbursementState
from civicvote.domain.rounds.queries import announced_round
from civicvote.kernel import ids
from civicvote.kernel.actor import Actor
from civicvote.web.auth import signed_in_actor
from civicvote.web.forms import Form
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.scope import current_region

_PAYMENT = "/regions/<slug>/desk/budget/payments/<id:disbursement_id>"


@allocations.get(_PAYMENT)
def payment(slug: str, disbursement_id: int) -> ResponseReturnValue:
    return _payment_page(signed_in_actor(), disbursement_id)


@allocations.post(f"{_PAYMENT}/approve")
def approve(slug: str, disbursement_id: int) -> ResponseReturnValue:
    actor, region, form = signed_in_actor(), current_region(), ApproveForm()
    if form.validate_on_submit():
        with form.refusals():
            approve_disbursement(actor=actor, region_id=region.id, disbursement_id=disbursement_id)
        if not form.errors:
            return _decided(actor, disbursement_id, _("The payment is approved."))
    return _payment_page(actor, disbursement_id, approve_form=form)


@allocations.post(f"{_PAYMENT}/refuse")
def refuse(slug: str, disbursement_id: int) -> ResponseReturnValue:
    actor, region, form = signed_in_actor(), current_region(), RefuseForm()
    if form.validate_on_submit():
        with form.refusals():
            refuse_disbursement(actor=actor, region_id=region.id, disbursement_id=disbursement_id, note=form.note.data)
        if not form.errors:
            return _decided(actor, disbursement_id, _("The payment is refused."))
    return _payment_page(actor, disbursement_id, refuse_form=form)


@allocations.route("/regions/<slug>/desk/budget/transfers/<id:transfer_id>/reverse", methods=["GET", "POST"])
def reverse(slug: str, transfer_id: int) -> ResponseReturnValue:
    actor, region, form = signed_in_actor(), current_region(), ReverseForm()
    line = transfer_line(actor, region.id, transfer_id)
    project_id, round_id = project_of_transfer(line), line.source.round_id
    if form.validate_on_submit():
        with form.refusals():
            reverse_transfer(
                actor=actor,
                region_id=region.id,
                transfer_id=transfer_id,
                reason=form.reason.data,
                idempotency_key=form.idempotency_key.data,
            )
        if not form.errors:
            flash(_("The transfer is reversed. Both stay in the books."), "success")
            if project_id:
                return see_other(url_for("allocations.project", slug=slug, project_id=project_id))
            return see_other(url_for("allocations.desk", slug=slug, round=ids.encode(round_id)))
    return render(
        "allocations/reverse.html", status=form.status, form=form, line=line, project_id=project_id, round_id=round_id
    )


def _decided(actor: Actor, disbursement_id: int, sentence: str) -> ResponseReturnValue:
    """Back to the desk; htmx gets the row as it is now, and the sums beside it."""
    region = current_region()
    found = desk_payment(actor, region.id, disbursement_id)
    if not wants_fragment():
        flash(sentence, "success")
        return see_other(url_for("allocations.desk", slug=region.slug, round=ids.encode(found.project.round_id)))
    round_id = found.project.round_id
    return render(
        "allocations/_decided.html",
        payment=found,
        sentence=sentence,
        project=found.project,
        money=project_money(found.project),
        whole=round_money(region.id, round_id),
        counts=waiting_counts(region.id, round_id, actor.person_id),
    )


def _payment_page(
    actor: Actor, disbursement_id: int, *, approve_form: Form | None = None, refuse_form: RefuseForm | None = None
) -> ResponseReturnValue:
    region = current_region()
    found: DeskPayment = desk_payment(actor, region.id, disbursement_id)
    shown = approve_form or refuse_form
    return render(
        "allocations/payment.html",
        fragment="allocations/_payment.html" if approve_form else None,
        status=shown.status if shown else 200,
        payment=found,
        project=found.project,
        round=announced_round(region.id, found.project.round_id),
        money=project_money(found.project),
        papers=evidence_of(region.id, [disbursement_id])[disbursement_id],
        form=shown,
        refuse_form=refuse_form or RefuseForm(formdata=None),
        may_decide=found.disbursement.state is DisbursementState.WAITING
        and can_second(actor, region_id=region.id, first_person_id=found.disbursement.entered_by_id),
    )
