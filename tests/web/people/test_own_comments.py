"""My page leads to what the person said, with where it stands and what became of it."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from civicvote.domain.proposals.services import comment_on_proposal
from civicvote.domain.threads.models import Comment
from civicvote.domain.threads.stance import Stance
from civicvote.kernel.phases import Phase
from civicvote.kernel.visibility import Visibility
from tests.factories.people import actor_for, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import make_proposal, thread_of


def _say(proposal: Any, author: Any, body: str) -> Comment:
    said = comment_on_proposal(
        actor=actor_for(author),
        slug="anywhere",
        proposal=proposal,
        thread=thread_of(proposal),
        body=body,
        stance=Stance.FOR,
    )
    assert isinstance(said, Comment)
    return said


def test_own_comments_are_listed_with_their_proposal_and_state_and_nobody_elses(session: Session, sign_in: Any) -> None:
    proposal = make_proposal(make_round(make_region(), Phase.DISCOVERY))
    author, neighbour = make_person(), make_person()
    _say(proposal, author, "횡단보도가 먼저입니다.")
    _say(proposal, author, "가려진 말입니다.").visibility = Visibility.HIDDEN
    _say(proposal, neighbour, "이웃이 한 말입니다.")
    session.commit()
    browser = sign_in(author)
    browser.get("/me")
    browser.get(browser.page.xpath("//main//a[contains(@href, '/me/comments')]/@href")[0])
    page = browser.text()
    assert "횡단보도가 먼저입니다." in page
    assert "가려진 말입니다." in page
    assert proposal.title in page
    assert "이웃이 한 말" not in page


@pytest.mark.parametrize("count", [3, 25])
def test_the_list_is_paged_and_costs_the_same(session: Session, sign_in: Any, count_queries: Any, count: int) -> None:
    proposal = make_proposal(make_round(make_region(), Phase.DISCOVERY))
    author = make_person()
    for number in range(count):
        _say(proposal, author, f"{number}번째 의견입니다.")
    session.commit()
    browser = sign_in(author)
    with count_queries() as queries:
        browser.get("/me/comments")
    assert len(queries) == 2, "who asks with their standing, the list"
    assert len(browser.page.xpath("//p[@class='row__title']")) == min(count, 20)
