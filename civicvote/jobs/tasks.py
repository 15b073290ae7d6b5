"""What the worker does on its own: each minute, each hour, each night. Every task may run late, twice or not at all and
harms nothing."""

from flask import Flask
from huey import Huey, crontab

from civicvote.config import Settings
from civicvote.db import reading, unit_of_work
from civicvote.domain.audit.queries_chain import regions_with_a_chain
from civicvote.domain.audit.services_heads import publish_heads
from civicvote.domain.lifecycle.services import advance_phases
from civicvote.domain.opinions.services_computing import compute_maps
from civicvote.domain.outcomes.services import compare_waiting
from civicvote.domain.polls.services_drafts import forget_orphaned_drafts
from civicvote.domain.polls.services_reminding import remind_of_ballots
from civicvote.domain.retention.services import destroy_overdue
from civicvote.domain.search.services import reindex_after_upgrade
from civicvote.jobs.mail import deliver_mail
from civicvote.web.uploads import store

EACH_MINUTE = crontab(minute="*")
EVERY_FIVE_MINUTES = crontab(minute="*/5")
EACH_HOUR = crontab(minute="7")
#: In UTC: a quarter past three in the Korean night.
EACH_NIGHT = crontab(minute="15", hour="18")


def register_tasks(queue: Huey, app: Flask, settings: Settings) -> None:
    """Put the periodic tasks into the queue; each runs inside a context of the application."""

    def deliver_waiting_mail() -> None:
        with app.app_context():
            deliver_mail(settings)

    def move_rounds_along() -> None:
        with app.app_context():
            advance_phases(key_folder=settings.key_path, unit=unit_of_work)

    def seal_days() -> None:
        with app.app_context():
            with reading():
                regions = regions_with_a_chain()
            for region_id in regions:
                with unit_of_work():
                    publish_heads(region_id=region_id)

    def destroy_what_is_over() -> None:
        with app.app_context():
            destroy_overdue(store=store(), unit=unit_of_work)

    def compute_opinion_maps() -> None:
        with app.app_context():
            compute_maps(reading=reading, unit=unit_of_work)

    def compare_outcomes() -> None:
        with app.app_context():
            compare_waiting(reading=reading, unit=unit_of_work)

    def look_after_ballot_drafts() -> None:
        with app.app_context():
            with unit_of_work():
                forget_orphaned_drafts()
            remind_of_ballots(unit=unit_of_work)

    def keep_index() -> None:
        with app.app_context():
            reindex_after_upgrade(reading=reading, unit=unit_of_work)

    for name, work, when in (
        ("deliver-mail", deliver_waiting_mail, EACH_MINUTE),
        ("advance-phases", move_rounds_along, EACH_MINUTE),
        ("compare-outcomes", compare_outcomes, EACH_MINUTE),
        ("opinion-maps", compute_opinion_maps, EVERY_FIVE_MINUTES),
        ("ballot-drafts", look_after_ballot_drafts, EVERY_FIVE_MINUTES),
        ("keep-index", keep_index, EVERY_FIVE_MINUTES),
        ("publish-heads", seal_days, EACH_HOUR),
        ("retention", destroy_what_is_over, EACH_NIGHT),
    ):
        queue.periodic_task(when, name=name)(queue.lock_task(name)(work))
