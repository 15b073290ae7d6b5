"""The desk at which an administrator gives and withdraws roles."""

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.desk.forms import RoleForm, WithdrawForm
from civicvote.domain.accounts.queries import display_name_of, role_holders
from civicvote.domain.accounts.services import grant_role
from civicvote.domain.accounts.services import withdraw_role as take_role_back
from civicvote.domain.regions.queries import institutions_to_choose
from civicvote.kernel.permissions import Role
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.i18n import localized
from civicvote.web.labels import label
from civicvote.web.scope import current_region

desk = Blueprint("desk", __name__)


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
