"""Tell how the money of a finished budget vote is spent, one mistake and its correction included."""

from collections.abc import Callable
from functools import partial

from civicvote.cli.example.people import Cast, holders
from civicvote.cli.example.stage import Stage
from civicvote.cli.example.story import RoundStory
from civicvote.domain.allocations.services import (
    allocate,
    approve_disbursement,
    enter_disbursement,
    fund_envelope,
    refuse_disbursement,
    reverse_transfer,
)
from civicvote.domain.budgeting.models import Project
from civicvote.domain.rounds.models import Round
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase

Funded = Callable[[], tuple[Round, list[Project]]]

_SUN, _RAMPS, _STORE, _GAMES, _STUDY = "휴게소", "경사로", "나눔 창고", "보드게임", "공부방"

#: Day of the implementation, project by words of its title, share of its cost in percent, payee, what for.
_PAYMENTS = (
    (6, _SUN, 30, "달구벌건축사사무소", "설계 용역 선금"),
    (12, _RAMPS, 25, "이웃손길협동조합", "당사자 조사단 교육과 현장 조사"),
    (20, _STORE, 20, "비산나눔설비", "냉장 설비 구매"),
    (34, _SUN, 40, "햇살에너지협동조합", "1차 공사 기성금"),
    (48, _GAMES, 15, "놀이배움사회적협동조합", "제작 교실 강사 교육"),
    (60, _RAMPS, 35, "문턱없는제작소", "경사로 80곳 제작과 설치"),
    (83, _STORE, 30, "비산동주민공동체", "나눔 창고 운영비 상반기"),
    (101, _STUDY, 50, "월성배움터협동조합", "책상과 조명 설치"),
)


def plan(stage: Stage, *, cast: Cast, told: RoundStory, funded: Funded) -> None:
    """Plan the acts of the budget officers. ``funded`` gives the round and its winning projects when they play."""
    entry, approval = holders(Role.BUDGET_ENTRY), holders(Role.BUDGET_APPROVAL)
    allocation_day = told.phases[Phase.ALLOCATION][0]
    start = told.phases[Phase.IMPLEMENTATION][0]

    def winner(words: str) -> Project:
        _, projects = funded()
        return next(project for project in projects if words in project.title)

    def fund() -> None:
        round_, _ = funded()
        for key, source, percent in (("city", "시비", 70), ("lottery", "복권기금", 30)):
            fund_envelope(
                actor=cast.actor(entry),
                round=round_,
                source=source,
                amount=told.envelope * percent // 100,
                reason="주민참여예산 편성",
                evidence=f"예산서 제{percent}호",
                idempotency_key=f"example-fund-{told.region}-{key}",
            )

    def allocate_all() -> None:
        _, projects = funded()
        for project in projects:
            allocate(
                actor=cast.actor(entry),
                project=project,
                amount=project.cost_amount,
                reason="예산 투표 결과에 따른 배정",
                idempotency_key=f"example-allocate-{project.id}",
            )

    def pay(words: str, percent: int, payee: str, reason: str, number: int) -> None:
        project = winner(words)
        disbursement = enter_disbursement(
            actor=cast.actor(entry),
            project=project,
            amount=project.cost_amount * percent // 100,
            payee=payee,
            reason=reason,
            evidence=f"전자세금계산서 2026-{number:04d}",
            idempotency_key=f"example-pay-{project.id}-{number}",
        )
        approve_disbursement(
            actor=cast.actor(approval), region_id=project.region_id, disbursement_id=disbursement.id, note="증빙 확인함"
        )

    def pay_twice_and_correct() -> None:
        project = winner(_SUN)
        wrong = enter_disbursement(
            actor=cast.actor(entry),
            project=project,
            amount=4_800_000,
            payee="달구벌건축사사무소",
            reason="감리비",
            evidence="전자세금계산서 2026-0091",
            idempotency_key=f"example-wrong-{project.id}",
        )
        approved = approve_disbursement(
            actor=cast.actor(approval), region_id=project.region_id, disbursement_id=wrong.id, note=""
        )
        assert approved.transfer_id is not None
        reverse_transfer(
            actor=cast.actor(approval),
            region_id=project.region_id,
            transfer_id=approved.transfer_id,
            reason="감리비는 시설과 예산에서 이미 지급되어 되돌립니다.",
            idempotency_key=f"example-reverse-{project.id}",
        )

    def wait_for_approval() -> None:
        for number, (words, percent, payee, reason) in enumerate(
            ((_RAMPS, 20, "문턱없는제작소", "경사로 40곳 추가 설치"), (_GAMES, 25, "한빛인쇄", "보드게임 120벌 인쇄")),
            start=201,
        ):
            project = winner(words)
            enter_disbursement(
                actor=cast.actor(entry),
                project=project,
                amount=project.cost_amount * percent // 100,
                payee=payee,
                reason=reason,
                evidence=f"전자세금계산서 2026-{number:04d}",
                idempotency_key=f"example-wait-{project.id}-{number}",
            )

    def refuse_one() -> None:
        project = winner(_STORE)
        doubtful = enter_disbursement(
            actor=cast.actor(entry),
            project=project,
            amount=3_000_000,
            payee="비산나눔설비",
            reason="설비 추가 구매",
            evidence="견적서 2026-17",
            idempotency_key=f"example-refused-{project.id}",
        )
        refuse_disbursement(
            actor=cast.actor(approval),
            region_id=project.region_id,
            disbursement_id=doubtful.id,
            note="견적서만으로는 지급할 수 없습니다. 세금계산서를 붙여 다시 올려 주십시오.",
        )

    stage.plan(allocation_day + 1, fund)
    stage.plan(allocation_day + 3, allocate_all)
    for number, (day, words, percent, payee, reason) in enumerate(_PAYMENTS, start=31):
        stage.plan(start + day, partial(pay, words, percent, payee, reason, number))
    stage.plan(start + 40, pay_twice_and_correct)
    stage.plan(start + 90, refuse_one)
    stage.plan(-1, wait_for_approval)
