"""Lists with personal data as files. Each is made and answered in the request that gives the reason; none is kept."""

from flask.typing import ResponseReturnValue

from civicvote.blueprints.audit.blueprint import audit
from civicvote.blueprints.audit.forms import ResidentsForm
from civicvote.domain.accounts.queries_residents import Resident, resident_count, residents
from civicvote.domain.audit.services import record_personal_read
from civicvote.kernel import clock
from civicvote.web.auth import signed_in_actor
from civicvote.web.csv_files import csv_file
from civicvote.web.htmx import render
from civicvote.web.scope import current_region


@audit.route("/regions/<slug>/residents/export", methods=["GET", "POST"])
def export_residents(slug: str) -> ResponseReturnValue:
    actor, region, form = signed_in_actor(), current_region(), ResidentsForm()
    count = resident_count(actor, region.id)
    if form.validate_on_submit():
        with form.refusals():
            with_mail = bool(form.with_mail.data)
            record_personal_read(
                region_id=region.id,
                actor_id=actor.person_id,
                what="residents",
                reason=form.reason.data,
                detail={"rows": count, "with_mail": with_mail},
            )
            rows = (_row(each) for each in residents(actor, region.id, with_mail=with_mail))
            return csv_file(f"residents-{slug}-{clock.today():%Y%m%d}.csv", _HEADER, rows)
    return render("audit/residents.html", status=form.status, form=form, count=count)


_HEADER = ("name", "mail", "class", "assurance", "verified_at", "valid_until", "excluded_as")


def _row(resident: Resident) -> tuple[str, ...]:
    return (
        resident.display_name,
        resident.email or "",
        resident.residency_class.value,
        resident.assurance.value,
        resident.confirmed_at.isoformat(),
        resident.valid_until_on.isoformat() if resident.valid_until_on else "",
        resident.excluded_as.value if resident.excluded_as else "",
    )
