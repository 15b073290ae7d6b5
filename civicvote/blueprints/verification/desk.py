"""The desk at which a clerk confirms residency: one field after the other, Enter for the next person."""

from collections.abc import Mapping
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.verification.blueprint import verification
from civicvote.blueprints.verification.forms import DeskForm
from civicvote.domain.accounts.queries import confirmed_today
from civicvote.domain.accounts.residency import Assurance, ExcludedGroup, ResidencyClass
from civicvote.domain.verification.queries_identity import districts_below
from civicvote.domain.verification.services_desk import DeskVerification, Identity, confirm_at_desk
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.i18n import localized
from civicvote.web.labels import label
from civicvote.web.scope import current_region
from civicvote.web.settings import settings

_KEPT = ("residency_class", "assurance")


@verification.route("/regions/<slug>/desk/residency", methods=["GET", "POST"])
def desk(slug: str) -> ResponseReturnValue:
    if request.method != "POST":
        return _page(_form(formdata=None, **_kept(request.args)))
    form = _form()
    if form.validate_on_submit():
        with form.refusals():
            made = confirm_at_desk(
                actor=signed_in_actor(),
                region=current_region(),
                email=form.email.data,
                identity=Identity(legal_name=form.legal_name.data, born_on=form.born_on.data),
                residency_class=ResidencyClass(form.residency_class.data),
                assurance=Assurance(form.assurance.data),
                evidence=form.evidence.data,
                keys=settings().key_ring,
                district_code=form.district_code.data or None if "district_code" in form else None,
                excluded_as=ExcludedGroup(form.excluded_as.data) if form.excluded_as.data else None,
            )
    return _page(form) if form.errors else _next_person(form, made)


def _next_person(form: DeskForm, made: DeskVerification) -> ResponseReturnValue:
    """The empty form again, with what stays the same for the people of one desk."""
    told, tone = _outcome(made), "success" if made.verification.is_confirmed else "warning"
    kept = _kept(form.data)
    if wants_fragment():
        return _page(_form(formdata=None, **kept), told=told, tone=tone)
    flash(told, tone)
    values: dict[str, Any] = {"slug": current_region().slug, **kept}
    return see_other(url_for("verification.desk", **values))


def _outcome(made: DeskVerification) -> str:
    name, excluded_as = made.display_name, made.verification.excluded_as
    if not made.verification.is_confirmed:
        return _("%(name)s is not confirmed: another account has this identity. An administrator decides.", name=name)
    if excluded_as:
        group = label(excluded_as)
        return _("%(name)s is confirmed, without a ballot (%(group)s). Next person, please.", name=name, group=group)
    return _("%(name)s is confirmed as a resident. Next person, please.", name=name)


def _form(**kwargs: Any) -> DeskForm:
    form = DeskForm(**kwargs)
    form.offer_districts([(each.code, localized(each, "name")) for each in districts_below(current_region().id)])
    return form


def _kept(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: values[name] for name in _KEPT if values.get(name)}


def _page(form: DeskForm, *, told: str = "", tone: str = "success") -> ResponseReturnValue:
    count = confirmed_today(signed_in_actor(), current_region().id)
    return render(
        "desk/residency.html",
        fragment="desk/_residency.html",
        status=form.status,
        form=form,
        told=told,
        tone=tone,
        count=count,
    )
