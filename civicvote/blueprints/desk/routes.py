"""Desks of a region: a clerk confirms residency, an administrator gives and withdraws roles."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.desk.forms import ResidencyForm, RoleForm, WithdrawForm
from civicvote.domain.accounts.queries import confirmed_today, display_name_of, role_holders
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.accounts.services import confirm_residency, grant_role
from civicvote.domain.accounts.services import withdraw_role as take_role_back
from civicvote.domain.regions.queries import institutions_to_choose
from civicvote.kernel.permissions import Role
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other, wants_fragment
from civicvote.web.i18n import localized
from civicvote.web.labels import label
from civicvote.web.scope import current_region

desk = Blueprint("desk", __name__)


@desk.route("/regions/<slug>/desk/residency", methods=["GET", "POST"])
def residency(slug: str) -> ResponseReturnValue:
    form = ResidencyForm()
    if request.method == "GET":
        return _residency_page(ResidencyForm(formdata=None, **_kept(request.args)))
    if not form.validate_on_submit():
        return _residency_page(form)
    with form.refusals():
        person = confirm_residency(
            actor=signed_in_actor(),
            region=current_region(),
            email=form.email.data,
            residency_class=ResidencyClass(form.residency_class.data),
            assurance=Assurance(form.assurance.data),
            evidence=form.evidence.data,
        )
    return _residency_page(form) if form.errors else _next_person(form, person.display_name)


def _next_person(form: ResidencyForm, name: str) -> ResponseReturnValue:
    """The empty form again, with what stays the same for the people of one desk."""
    told = _("%(name)s is confirmed as a resident. Next person, please.", name=name)
    kept = _kept(form.data)
    if wants_fragment():
        return _residency_page(ResidencyForm(formdata=None, **kept), told=told)
    flash(told, "success")
    values: dict[str, Any] = {"slug": current_region().slug, **kept}
    return see_other(url_for("desk.residency", **values))


def _kept(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: values[name] for name in ("residency_class", "assurance") if values.get(name)}


def _residency_page(form: ResidencyForm, *, told: str = "") -> ResponseReturnValue:
    count = confirmed_today(signed_in_actor(), current_region().id)
    page, fragment = "desk/residency.html", "desk/_residency.html"
    return render(page, fragment=fragment, status=form.status, form=form, told=told, count=count)


@desk.route("/regions/<slug>/desk/roles", methods=["GET", "POST"])
def roles(slug: str) -> ResponseReturnValue:
    actor, region, form = signed_in_actor(), current_region(), _role_form()
    if form.validate_on_submit():
        with form.refusals():
            role = Role(form.role.data)
            person = grant_role(
                actor=actor,
                region_id=region.id,
                email=form.email.data,
                role=role,
                department=form.department.data or "",
                institution_id=form.institution.data,
            )
        if not form.errors:
            flash(_("%(name)s has the role now: %(role)s.", name=person.display_name, role=label(role)), "success")
            return see_other(url_for("desk.roles", slug=slug))
    cursor = request.args.get("after")
    holders = role_holders(actor, region.id, cursor=cursor)
    return render(
        "desk/roles.html", fragment="desk/_roles.html", status=form.status, form=form, holders=holders, cursor=cursor
    )


def _role_form() -> RoleForm:
    form = RoleForm()
    form.offer_institutions(
        [(each.id, localized(each, "name")) for each in institutions_to_choose(current_region().id)]
    )
    return form


@desk.post("/regions/<slug>/desk/roles/<id:person_id>/withdraw")
def withdraw_role(slug: str, person_id: int) -> ResponseReturnValue:
    actor, region, form = signed_in_actor(), current_region(), WithdrawForm()
    if not form.validate_on_submit():
        abort(400)
    role = Role(form.role.data)
    take_role_back(actor=actor, region_id=region.id, person_id=person_id, role=role)
    name = display_name_of(person_id)
    flash(_("%(name)s no longer has the role: %(role)s.", name=name, role=label(role)), "success")
    return see_other(url_for("desk.roles", slug=slug))
