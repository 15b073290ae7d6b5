"""The blueprints, one an area of the site; they know the domain and ``web``, never each other."""

from flask import Flask

from civicvote.blueprints.accounts import accounts
from civicvote.blueprints.agenda.routes import agenda
from civicvote.blueprints.allocations import allocations
from civicvote.blueprints.audit import audit
from civicvote.blueprints.budgeting.routes import budgeting
from civicvote.blueprints.casefile.routes import casefile
from civicvote.blueprints.demo.routes import demo
from civicvote.blueprints.desk.routes import desk
from civicvote.blueprints.files.routes import files
from civicvote.blueprints.health.routes import health
from civicvote.blueprints.home.routes import home
from civicvote.blueprints.letters.routes import letters
from civicvote.blueprints.moderation.routes import moderation
from civicvote.blueprints.monitor.routes import monitor
from civicvote.blueprints.notifications.routes import notifications
from civicvote.blueprints.opinions import opinions
from civicvote.blueprints.pages.routes import pages
from civicvote.blueprints.polls import polls
from civicvote.blueprints.proposals import proposals
from civicvote.blueprints.providers.routes import providers
from civicvote.blueprints.regions.routes import regions
from civicvote.blueprints.retention.routes import retention
from civicvote.blueprints.rolls.routes import rolls
from civicvote.blueprints.rounds import rounds
from civicvote.blueprints.search import search
from civicvote.blueprints.second_factor.routes import second_factor
from civicvote.blueprints.threads import thread_news, threads
from civicvote.blueprints.turnout.routes import turnout
from civicvote.blueprints.verification import verification
from civicvote.blueprints.voices import voices

BLUEPRINTS = (
    accounts,
    agenda,
    allocations,
    audit,
    budgeting,
    casefile,
    demo,
    desk,
    files,
    health,
    home,
    letters,
    notifications,
    opinions,
    pages,
    polls,
    providers,
    regions,
    rolls,
    retention,
    rounds,
    search,
    second_factor,
    proposals,
    threads,
    thread_news,
    moderation,
    monitor,
    turnout,
    verification,
    voices,
)


def register_blueprints(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
