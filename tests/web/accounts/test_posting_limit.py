"""Nobody floods the site: comments, proposals and reports of one person share a limit."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from civicvote.domain.threads.models import Comment
from civicvote.kernel import ids
from civicvote.kernel.phases import Phase
from civicvote.web import throttle
from civicvote.web.throttle import RATES, Limit
from tests.factories.people import make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal


@pytest.mark.parametrize("htmx", [False, True])
def test_a_flood_is_stopped_what_was_typed_stays_and_others_write_on(
    app: Flask, sign_in: Any, session: Session, htmx: bool
) -> None:
    """A browser with scripts gets the form in a 422, which is what htmx shows."""
    region = make_region()
    proposal = make_proposal(make_round(region, Phase.DISCOVERY))
    writer, other = make_person(), make_person()
    session.commit()
    with app.test_request_context():
        for _ in range(RATES[Limit.POSTING].amount):
            throttle.spend(Limit.POSTING, writer.id)
    page = f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}"
    flooding, writing = sign_in(writer), sign_in(other)
    flooding.get(page)
    answer = flooding.submit({"body": "예순한 번째 의견"}, action="/comments", htmx=htmx)
    assert answer.status_code == (422 if htmx else 429)
    text = answer.get_data(as_text=True)
    assert "예순한 번째 의견" in text
    assert "이후에 다시 하실 수 있습니다" in text
    writing.get(page)
    assert writing.submit({"body": "첫 의견"}, action="/comments").status_code == 200
    assert session.scalars(sa.select(Comment.body)).all() == ["첫 의견"]
