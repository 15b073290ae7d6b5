"""Tell what is being written, and by whom together: edits, a co-author, an invitation, an unfinished draft."""

from civicvote.cli.example.people import neighbour
from civicvote.cli.example.scene import Scene
from civicvote.cli.example.talking import Talk
from civicvote.domain.proposals.drafting import TypedDraft
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.services import edit_proposal
from civicvote.domain.proposals.services_authors import accept_invitation, invite_co_author
from civicvote.domain.proposals.services_drafts import save_draft
from civicvote.domain.proposals.services_spots import spot_of

RESIDENT = "resident@example.org"
_FRIEND = 1


class Writing:
    """In the round that discusses: the first proposal gets a second author, who adds to it."""

    def __init__(self, scene: Scene, talk: Talk) -> None:
        self.scene, self.talk = scene, talk

    def plan(self) -> None:
        self.scene.stage.plan(-12, self._sign_together)
        self.scene.stage.plan(-11, self._add_a_paragraph)
        self.scene.stage.plan(-9, self._say_it_shorter)
        self.scene.stage.plan(-2, self._ask_the_resident)
        self.scene.stage.plan(-1, self._begin_a_draft)

    def _first(self) -> Proposal:
        return self.talk.proposals[0][1]

    def _invite(self, proposal: Proposal, author: int, email: str) -> None:
        actor = self.scene.cast.actor(neighbour(author))
        invite_co_author(actor=actor, slug=self.scene.region.slug, proposal=proposal, email=email)

    def _sign_together(self) -> None:
        told, proposal = self.talk.proposals[0]
        self._invite(proposal, told.author, neighbour(_FRIEND))
        friend = self.scene.cast.actor(neighbour(_FRIEND))
        accept_invitation(actor=friend, slug=self.scene.region.slug, proposal=proposal)

    def _add_a_paragraph(self) -> None:
        added = "입주 자격은 **공실이 1년을 넘은 집**에 한해 완화할 수 있다고 담당 부서에서 확인해 주었습니다."
        self._edit(_FRIEND, body=f"{self._first().body}\n\n{added}")

    def _say_it_shorter(self) -> None:
        told = self.talk.proposals[0][0]
        self._edit(told.author, summary="오래 빈 영구임대주택을 고쳐 청년이 살고 가게를 여는 집으로 쓰자는 제안입니다.")

    def _edit(self, editor: int, **changed: str) -> None:
        proposal = self._first()
        said = {name: getattr(proposal, name) for name in ("title", "summary", "body", "field_key", "place")}
        actor = self.scene.cast.actor(neighbour(editor))
        spot = spot_of(proposal)
        edit_proposal(actor=actor, proposal=proposal, based_on=proposal.version, spot=spot, **{**said, **changed})

    def _ask_the_resident(self) -> None:
        told, proposal = self.talk.proposals[1]
        self._invite(proposal, told.author, RESIDENT)

    def _begin_a_draft(self) -> None:
        texts = {
            "title": "버스 정류장 의자에 등받이를",
            "summary": "어르신들이 기대어 쉴 수 있게 해 주십시오.",
            "body": "말바우시장 정류장 의자에는 등받이가 없습니다. 장을 보고 나오신 분들이 짐을 든 채 서 계십니다.",
            "place": "말바우시장 앞 정류장",
        }
        typed = TypedDraft(texts=texts, field_key="", files=(), writer="example-writer")
        save_draft(actor=self.scene.cast.actor(RESIDENT), round=self.scene.running_round(), typed=typed)
