"""A round's page says what residents can do now and in each phase, and what waits for the person who looks."""

from typing import Any

from civicvote.db import db
from civicvote.domain.proposals.models import ProposalDraft
from civicvote.kernel import clock, ids
from civicvote.kernel.phases import Phase
from tests.factories.people import make_person
from tests.factories.places import make_region, make_round
from tests.strict_client import StrictClient


def test_the_page_names_what_the_phase_opens_and_no_more(client: StrictClient, session: Any) -> None:
    region = make_region()
    pages = {}
    for phase in (Phase.DISCOVERY, Phase.AGENDA_VOTE):
        round_ = make_round(region, phase)
        db.session.commit()
        client.get(f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}")
        pages[phase] = client.page.xpath("//*[contains(text(), '지금 할 수 있는 일:')]")[0].text_content()
    assert "제안 쓰기, 내 제안 고치기, 공감, 토론, 의견 질문에 답하기" in pages[Phase.DISCOVERY]
    assert "토론, 투표" in pages[Phase.AGENDA_VOTE]
    assert "공감" not in pages[Phase.AGENDA_VOTE]


def test_drafts_of_this_round_are_told_to_their_author_only(client: StrictClient, sign_in: Any, session: Any) -> None:
    region, author = make_region(), make_person()
    round_, other = make_round(region), make_round(region)
    for each in (round_, other):
        db.session.add(
            ProposalDraft(
                region_id=region.id,
                id=ids.new_id(),
                round_id=each.id,
                author_id=author.id,
                title="초안",
                writer=f"writer-{each.id}",
                revision=1,
                created_at=clock.now(),
                saved_at=clock.now(),
            )
        )
    browser = sign_in(author)
    db.session.commit()
    address = f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}"
    browser.get(address)
    assert "이 회차에 낼 초안 1건이 있습니다" in browser.text()
    client.get(address)
    assert "초안" not in client.text()
