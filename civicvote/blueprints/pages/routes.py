"""Pages that explain: how it works, what is promised and what is not, accessibility, licences."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from civicvote.kernel.phases import Phase
from civicvote.web.assets import vendored
from civicvote.web.htmx import render

pages = Blueprint("pages", __name__)


@pages.get("/how")
def how() -> ResponseReturnValue:
    return render("pages/how.html", phases={phase.value: phase for phase in Phase})


@pages.get("/promises")
def promises() -> ResponseReturnValue:
    return render("pages/promises.html")


@pages.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    return render("pages/accessibility.html")


@pages.get("/licences")
def licences() -> ResponseReturnValue:
    return render("pages/licences.html", packages=vendored())
