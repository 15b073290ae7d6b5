"""Tell what residents propose and say to each other, and what the moderator does about it."""

from collections.abc import Sequence
from functools import partial

from civicvote.cli.example.drawings import drawn
from civicvote.cli.example.people import NEIGHBOURS, holders, neighbour
from civicvote.cli.example.scene import Scene
from civicvote.cli.example.story import CommentStory, ProposalStory
from civicvote.db import db
from civicvote.domain.moderation.kinds import DecisionAction, ReportReason, SubjectKind
from civicvote.domain.moderation.services import decide_case, report_content
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services import comment_on_proposal, endorse, submit_proposal
from civicvote.domain.proposals.services_files import place_files
from civicvote.domain.threads.models import Thread
from civicvote.domain.threads.stance import Stance
from civicvote.domain.uploads.rules import Described
from civicvote.domain.uploads.services import keep_upload
from civicvote.domain.uploads.taking import remake
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.web.uploads import store


class Talk:
    """``proposals`` grows as the acts are played: each story with the proposal it became."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.proposals: list[tuple[ProposalStory, Proposal]] = []

    def plan(self) -> None:
        for told in self.scene.told.proposals:
            self.scene.stage.plan(told.day, partial(self._propose, told))
        if self.scene.told.story == "discussing":
            self.scene.stage.plan(-2, self._report)

    def _propose(self, told: ProposalStory) -> None:
        author = self.scene.cast.actor(neighbour(told.author))
        proposal = submit_proposal(
            actor=author,
            round=self.scene.running_round(),
            title=told.title,
            summary=told.summary,
            body=told.body,
            field_key=told.field,
            place=told.place,
            spot=told.spot,
        )
        if told.pictures:
            place_files(actor=author, proposal=proposal, files=[self._drawn(author, *each) for each in told.pictures])
        self.proposals.append((told, proposal))
        for comment in told.comments:
            self._plan_comment(proposal, comment)
        last_day = min(-0.2, self.scene.told.phases[Phase.DISCOVERY][1] - 1)
        days = sorted(self.scene.chance.uniform(told.day, last_day) for _ in range(3))
        admirers = self.scene.chance.sample(self._neighbours_but(told.author), k=told.endorsements)
        for day, group in zip(days, (admirers[0::3], admirers[1::3], admirers[2::3]), strict=True):
            self.scene.stage.plan(day, partial(self._endorse, proposal, group))

    def _drawn(self, author: Actor, drawing: str, caption: str) -> Described:
        file = remake(drawn(drawing), name=drawing)
        upload = keep_upload(actor=author, region_id=self.scene.region.id, file=file, store=store())
        return Described(upload.id, caption)

    def _neighbours_but(self, author: int) -> list[int]:
        return [number for number in range(NEIGHBOURS) if number != author]

    def _endorse(self, proposal: Proposal, admirers: Sequence[int]) -> None:
        for number in admirers:
            endorse(actor=self.scene.cast.actor(neighbour(number)), proposal=proposal)

    def _plan_comment(self, proposal: Proposal, told: CommentStory) -> None:
        made: list[int] = []

        def say() -> None:
            made.append(self._comment(proposal, told.author, told.body, told.stance))

        self.scene.stage.plan(told.day + self.scene.chance.uniform(0.1, 0.3), say)
        for position, reply in enumerate(told.replies):
            moment = reply.day + 0.4 + position / 10
            self.scene.stage.plan(moment, partial(self._answer, proposal, reply, made))

    def _answer(self, proposal: Proposal, told: CommentStory, answered: list[int]) -> None:
        self._comment(proposal, told.author, told.body, told.stance, parent_id=answered[0])

    def _comment(
        self,
        proposal: Proposal,
        author: int,
        body: str,
        stance: Stance = Stance.NEUTRAL,
        parent_id: int | None = None,
    ) -> int:
        return comment_on_proposal(
            actor=self.scene.cast.actor(neighbour(author)),
            slug=self.scene.region.slug,
            proposal=proposal,
            thread=db.session.get_one(Thread, (self.scene.region.id, proposal.thread_id)),
            body=body,
            stance=stance,
            parent_id=parent_id,
        ).id

    def _report(self) -> None:
        """One comment that was hidden, and one report that waits for the moderator."""
        advert = self._comment(
            self.proposals[0][1], 23, "급매 상가 투자 상담해 드립니다. 수익률 보장, 지금 연락 주세요!!!"
        )
        case_id = self._report_comment(advert, 1, ReportReason.SPAM, "제안과 상관없는 광고입니다.")
        decide_case(
            actor=self.scene.cast.actor(holders(Role.MODERATOR)),
            slug=self.scene.region.slug,
            region_id=self.scene.region.id,
            case_id=case_id,
            action=DecisionAction.HIDE,
            reason=ReportReason.SPAM,
            facts="상가 투자를 권하는 광고이고 제안과 관련이 없습니다.",
        )
        quarrel = self._comment(
            self.proposals[1][1],
            22,
            "이런 제안 하는 사람들은 운전을 안 해 봐서 그래요. 집에나 있지 왜 길을 막습니까.",
        )
        self._report_comment(quarrel, 4, ReportReason.ABUSE, "어르신을 낮추어 말하는 표현입니다.")
        self._report_comment(quarrel, 7, ReportReason.ABUSE, "")

    def _report_comment(self, comment_id: int, reporter: int, reason: ReportReason, note: str) -> int:
        return report_content(
            actor=self.scene.cast.actor(neighbour(reporter)),
            region_id=self.scene.region.id,
            kind=SubjectKind.COMMENT,
            subject_id=comment_id,
            reason=reason,
            note=note,
        ).id
