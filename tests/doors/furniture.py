"""What the living example has not: drafts, and things of a resident's own that only they may change."""

from sqlalchemy import select

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.monitor.services import list_network
from civicvote.domain.proposals.services import edit_proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.states import RoundState
from civicvote.domain.threads.services import post_comment
from civicvote.domain.threads.stance import Stance
from civicvote.kernel.phases import Phase
from tests.factories.people import actor_for
from tests.factories.places import make_round
from tests.factories.polls import make_agenda_draft, make_budget_draft
from tests.factories.talk import make_proposal, thread_of


def furnish(people: dict[str, Person]) -> None:
    """In the region that discusses, beside its round: a proposal with comments, draft polls, a draft round."""
    region = db.session.scalars(select(Region).where(Region.slug == "daegu")).one()
    administrator = actor_for(people["administrator"])
    round_ = make_round(region, Phase.DISCOVERY)
    proposal = make_proposal(round_, people["resident"])
    thread = thread_of(proposal)
    mine = actor_for(people["resident"])
    post_comment(actor=mine, thread=thread, body="제가 쓴 글입니다.", stance=Stance.NEUTRAL, parent_id=None)
    post_comment(
        actor=actor_for(people["neighbour"]), thread=thread, body="이웃의 글.", stance=Stance.FOR, parent_id=None
    )
    edit_proposal(
        actor=mine,
        proposal=proposal,
        based_on=proposal.version,
        title="도서관 앞 횡단보도와 신호등",
        summary=proposal.summary,
        body=proposal.body,
        field_key=proposal.field_key,
        place=proposal.place,
    )
    make_agenda_draft(region, round=make_round(region, Phase.AGENDA_VOTE), actor=administrator)
    make_budget_draft(region, round=make_round(region, Phase.BUDGET_VOTE), actor=administrator)
    make_round(region, Phase.DISCOVERY).state = RoundState.DRAFT
    list_network(actor=administrator, region_id=region.id, network="192.0.2.0/24", name="구청 사무실")
