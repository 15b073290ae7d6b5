"""The blueprints, one an area of the site; they know the domain and ``web``, never each other."""

from flask import Flask

from civicvote.blueprints.accounts import accounts
from civicvote.blueprints.agenda.routes import agenda
from civicvote.blueprints.allocations import allocations
from civicvote.blueprints.audit import audit
from civicvote.blueprints.budgeting.routes import budgeting
from civicvote.blueprints.demo.routes import demo
from civicvote.blueprints.desk.routes import desk
from civicvote.blueprints.files.routes import files
from civicvote.blueprints.health.routes import health
from civicvote.blueprints.home.routes import home
from civicvote.blueprints.letters.routes import letters
from civicvote.blueprints.moderation.routes import moderation
from civicvote.blueprints.notifications.routes import notifications
from civicvote.blueprints.pages.routes import pages
from civicvote.blueprints.polls import polls
from civicvote.blueprints.proposals.routes import proposals
from civicvote.blueprints.providers.routes import providers
from civicvote.blueprints.regions.routes import regions
from civicvote.blueprints.retention.routes import retention
from civicvote.blueprints.rolls.routes import rolls
from civicvote.blueprints.rounds import rounds
from civicvote.blueprints.second_factor.routes import second_factor
from civicvote.blueprints.threads.routes import threads
from civicvote.blueprints.verification import verification

BLUEPRINTS = (
    accounts,
    agenda,
    allocations,
    audit,
    budgeting,
    demo,
    desk,
    files,
    health,
    home,
    letters,
    notifications,
    pages,
    polls,
    providers,
    regions,
    rolls,
    retention,
    rounds,
    second_factor,
    proposals,
    threads,
    moderation,
    verification,
)


def register_blueprints(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
