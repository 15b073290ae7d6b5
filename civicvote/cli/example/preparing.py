"""Tell of a vote that is being prepared: a draft whose keyholders are named, and one of them has a file."""

from functools import partial

from civicvote.cli.example import keyholding
from civicvote.cli.example.people import holders
from civicvote.cli.example.scene import Scene
from civicvote.domain.polls.planning.poll_plan import PollPlan
from civicvote.domain.polls.services import create_poll
from civicvote.domain.polls.states import PollKind
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.kernel.voting import BallotType, CountingRule

_DAY = -2.5
_NEEDED = 2


def plan_draft(scene: Scene) -> None:
    scene.stage.plan(_DAY, partial(_prepare, scene))


def _prepare(scene: Scene) -> None:
    first, last = scene.told.phases[Phase.AGENDA_VOTE]
    poll = create_poll(
        actor=scene.cast.actor(holders(Role.ADMINISTRATOR)),
        round=scene.running_round(),
        plan=PollPlan(
            kind=PollKind.AGENDA,
            title_ko="어떤 문제부터 풀까요",
            title_en="Which problems shall we solve first?",
            description_ko="가장 바라는 것부터 세 개까지 순서를 매겨 주십시오.",
            description_en="Put up to three in order, the one you want most first.",
            opens_at=scene.stage.moment(first),
            closes_at=scene.stage.moment(last),
            ballot_type=BallotType.ORDINAL,
            counting_rule=CountingRule.SCHULZE,
            max_choices=3,
            seats=5,
        ),
    )
    keyholding.name_them(scene, poll, _NEEDED)
    keyholding.make_file(scene, poll, holders(Role.REVIEWER))
