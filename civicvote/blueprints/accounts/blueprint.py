"""The blueprint that the views of this package hang on."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from civicvote.domain.accounts.errors import LinkUnusable
from civicvote.web.htmx import render

accounts = Blueprint("accounts", __name__)


@accounts.errorhandler(LinkUnusable)
def _link_unusable(_refusal: LinkUnusable) -> ResponseReturnValue:
    """One page for every link that opens nothing, with the ways to a new one."""
    return render("accounts/link_unusable.html", status=404)
