"""The blueprints, one an area of the site; they know the domain and ``web``, never each other."""

from flask import Flask

from civicvote.blueprints.accounts.routes import accounts
from civicvote.blueprints.agenda.routes import agenda
from civicvote.blueprints.allocations import allocations
from civicvote.blueprints.budgeting.routes import budgeting
from civicvote.blueprints.demo.routes import demo
from civicvote.blueprints.desk.routes import desk
from civicvote.blueprints.health.routes import health
from civicvote.blueprints.home.routes import home
from civicvote.blueprints.moderation.routes import moderation
from civicvote.blueprints.notifications.routes import notifications
from civicvote.blueprints.pages.routes import pages
from civicvote.blueprints.polls import polls
from civicvote.blueprints.proposals.routes import proposals
from civicvote.blueprints.regions.routes import regions
from civicvote.blueprints.rounds import rounds
from civicvote.blueprints.threads.routes import threads

BLUEPRINTS = (
    accounts,
    agenda,
    allocations,
    budgeting,
    demo,
    desk,
    health,
    home,
    notifications,
    pages,
    polls,
    regions,
    rounds,
    proposals,
    threads,
    moderation,
)


def register_blueprints(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
