"""What everybody reads about residency in a region, how the reader stands, and the reader's own word."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from civicvote.blueprints.verification.blueprint import verification
from civicvote.blueprints.verification.forms import DeclareForm
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.verification.queries import region_rules
from civicvote.domain.verification.queries_identity import own_standing, waits_for_decision
from civicvote.domain.verification.rules import RegionRules
from civicvote.domain.verification.services_desk import Identity, declare_residency
from civicvote.web.auth import current_actor, signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.labels import label
from civicvote.web.openid import configured_providers
from civicvote.web.scope import current_region
from civicvote.web.settings import settings


def _declarable(rules: RegionRules) -> list[ResidencyClass]:
    """The classes for which the person's own word is enough."""
    return [rule.residency_class for rule in rules.admitted if rule.suffices(Assurance.SELF_DECLARED)]


@verification.get("/regions/<slug>/residency")
def residency(slug: str) -> ResponseReturnValue:
    actor, region = current_actor(), current_region()
    rules = region_rules(region.id)
    return render(
        "verification/residency.html",
        rules=rules,
        declarable=_declarable(rules),
        standing=own_standing(actor, region.id, rules) if actor else None,
        has_providers=bool(configured_providers()),
        is_waiting=waits_for_decision(actor, region.id) if actor else False,
    )


@verification.route("/regions/<slug>/residency/declare", methods=["GET", "POST"])
def declare(slug: str) -> ResponseReturnValue:
    actor, region, form = signed_in_actor(), current_region(), DeclareForm()
    declarable = _declarable(region_rules(region.id))
    form.residency_class.choices = [SelectChoice(kind.value, label(kind)) for kind in declarable]
    if form.validate_on_submit():
        with form.refusals():
            made = declare_residency(
                actor=actor,
                region=region,
                identity=Identity(legal_name=form.legal_name.data, born_on=form.born_on.data),
                residency_class=ResidencyClass(form.residency_class.data),
                keys=settings().key_ring,
            )
        if not form.errors:
            if made.is_confirmed:
                flash(_("Thank you. You are confirmed as a resident."), "success")
            return see_other(url_for("verification.residency", slug=slug))
    return render("verification/declare.html", status=form.status, form=form, declarable=declarable)
