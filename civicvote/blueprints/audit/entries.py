"""The audit as an observer reads it, and as a file."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from civicvote.blueprints.audit.blueprint import audit
from civicvote.blueprints.audit.forms import ReasonForm, entry_filter, filter_arguments
from civicvote.domain.accounts.queries_residents import names_of
from civicvote.domain.audit.entries import Entry
from civicvote.domain.audit.queries import actor_ids, all_entries, newest_head
from civicvote.domain.audit.queries import entries as entries_of
from civicvote.domain.audit.services import record_personal_read
from civicvote.domain.audit.verbs import AuditGroup
from civicvote.kernel import clock, ids
from civicvote.web.audit_details import details_of
from civicvote.web.audit_subjects import person_id_of, subject_of
from civicvote.web.auth import signed_in_actor
from civicvote.web.csv_files import csv_file
from civicvote.web.htmx import render
from civicvote.web.scope import current_region


@audit.get("/regions/<slug>/audit")
def entries(slug: str) -> ResponseReturnValue:
    region, wanted, cursor = current_region(), entry_filter(request.args), request.args.get("after")
    listed = entries_of(signed_in_actor(), region.id, wanted=wanted, cursor=cursor)
    arguments: dict[str, Any] = dict(filter_arguments(wanted))
    actors = actor_ids(region.id)
    names = names_of([*actors, *_people(listed.items)])
    return render(
        "audit/entries.html",
        fragment="audit/_entries.html",
        listed=listed,
        cursor=cursor,
        wanted=wanted,
        arguments=arguments,
        names=names,
        actors=[(ids.encode(actor_id), names[actor_id]) for actor_id in actors if actor_id in names],
        groups=list(AuditGroup),
        subject=lambda entry: subject_of(entry, names, slug),
        details=lambda entry: list(details_of(entry, region)),
        head=newest_head(region.id),
        next_url=url_for("audit.entries", slug=slug, **arguments, after=listed.next_cursor)
        if listed.next_cursor
        else None,
    )


def _people(listed: list[Entry]) -> list[int]:
    found = [*(entry.actor_id for entry in listed), *(person_id_of(entry) for entry in listed)]
    return [person_id for person_id in found if person_id is not None]


@audit.route("/regions/<slug>/audit/export", methods=["GET", "POST"])
def export_entries(slug: str) -> ResponseReturnValue:
    actor, region, form, wanted = signed_in_actor(), current_region(), ReasonForm(), entry_filter(request.args)
    arguments: dict[str, Any] = dict(filter_arguments(wanted))
    if form.validate_on_submit():
        with form.refusals():
            record_personal_read(
                region_id=region.id,
                actor_id=actor.person_id,
                what="audit",
                reason=form.reason.data,
                detail={"filter": arguments},
            )
            names = names_of(actor_ids(region.id))
            rows = (_row(entry, names) for entry in all_entries(actor, region.id, wanted=wanted))
            return csv_file(f"audit-{slug}-{clock.today():%Y%m%d}.csv", _HEADER, rows)
    return render("audit/export.html", status=form.status, form=form, arguments=arguments)


_HEADER = ("sequence", "at", "actor", "actor_name", "act", "subject", "detail", "hash")


def _row(entry: Entry, names: dict[int, str]) -> tuple[str, ...]:
    return (
        str(entry.sequence),
        entry.at.isoformat(),
        ids.encode(entry.actor_id) if entry.actor_id else "",
        names.get(entry.actor_id or 0, ""),
        entry.spelled,
        entry.subject,
        entry.detail,
        entry.entry_hash,
    )
