"""The blueprint of opinion questions."""

from flask import Blueprint

opinions = Blueprint("opinions", __name__, url_prefix="/regions/<slug>/opinions")
