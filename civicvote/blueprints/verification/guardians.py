"""A clerk records that a parent or guardian agrees, and takes a consent back."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicvote.blueprints.verification.blueprint import verification
from civicvote.blueprints.verification.forms import ConsentForm
from civicvote.domain.verification.queries import region_rules
from civicvote.domain.verification.queries_identity import consents
from civicvote.domain.verification.services_consent import record_consent
from civicvote.domain.verification.services_consent import withdraw_consent as take_consent_back
from civicvote.web.auth import signed_in_actor
from civicvote.web.htmx import render, see_other
from civicvote.web.scope import current_region


@verification.route("/regions/<slug>/desk/guardians", methods=["GET", "POST"])
def guardians(slug: str) -> ResponseReturnValue:
    actor, region, form = signed_in_actor(), current_region(), ConsentForm()
    if form.validate_on_submit():
        with form.refusals():
            person = record_consent(
                actor=actor,
                region=region,
                email=form.email.data,
                guardian_name=form.guardian_name.data,
                relation=form.relation.data,
                evidence=form.evidence.data,
            )
        if not form.errors:
            flash(_("The consent for %(name)s is recorded.", name=person.display_name), "success")
            return see_other(url_for("verification.guardians", slug=slug))
    cursor = request.args.get("after")
    return render(
        "verification/guardians.html",
        fragment="verification/_consents.html",
        status=form.status,
        form=form,
        rules=region_rules(region.id),
        consents=consents(actor, region.id, cursor=cursor),
        cursor=cursor,
    )


@verification.post("/regions/<slug>/desk/guardians/<id:person_id>/withdraw")
def withdraw_consent(slug: str, person_id: int) -> ResponseReturnValue:
    take_consent_back(actor=signed_in_actor(), region=current_region(), person_id=person_id)
    flash(_("The consent no longer stands."), "success")
    return see_other(url_for("verification.guardians", slug=slug))
