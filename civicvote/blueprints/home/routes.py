"""The first page: what is open now, what people talk about, where the money went."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from civicvote.domain.regions.queries import platform_regions
from civicvote.domain.reporting.queries import front_page
from civicvote.web.htmx import render

home = Blueprint("home", __name__)


@home.get("/")
def index() -> ResponseReturnValue:
    return render("home/index.html", front=front_page(), platforms=platform_regions())
