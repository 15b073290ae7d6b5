"""The blueprint that the views of this package hang on, and what all its templates know."""

from typing import Any

from flask import Blueprint

from civicvote.web.counting_words import WEIGHTING_FORMULA
from civicvote.web.messages import sentence_of

polls = Blueprint("polls", __name__)


@polls.context_processor
def _words() -> dict[str, Any]:
    return {"weighting_formula": WEIGHTING_FORMULA, "sentence_of": sentence_of}
