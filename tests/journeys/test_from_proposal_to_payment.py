"""One round, from its creation and a resident's proposal to a payment, through the pages, without JavaScript."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from civicvote.db import unit_of_work
from civicvote.domain.accounts.services import appoint
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from tests.factories.places import make_region
from tests.factories.time_travel import at
from tests.journeys.people import Walker, typed
from tests.strict_client import StrictClient

SPRING = datetime(2027, 3, 2, 0, 0, tzinfo=UTC)
PHASES = (Phase.DISCOVERY, Phase.AGENDA_VOTE, Phase.MATCHING, Phase.BUDGET_VOTE, Phase.ALLOCATION, Phase.IMPLEMENTATION)


def starts(phase: Phase) -> datetime:
    return SPRING + timedelta(days=14 * PHASES.index(phase))


def during(phase: Phase, day: int = 3) -> datetime:
    return starts(phase) + timedelta(days=day)


@pytest.fixture
def arrive(new_client: Callable[[], StrictClient]) -> Callable[[str], Walker]:
    """A new person at a browser."""
    return lambda name: Walker(new_client(), name)


def test_a_round_from_its_creation_to_a_payment(app: Flask, arrive: Callable[[str], Walker]) -> None:
    region = make_region("haneul", name_ko="하늘시", name_en="Haneul")
    home = "/regions/haneul"
    with at(SPRING - timedelta(days=10)):
        administrator = arrive("운영자 김").sign_up()
        with unit_of_work():
            appoint(region_id=region.id, email=administrator.email, role=Role.ADMINISTRATOR)
        staff = {
            Role.CLERK: arrive("창구 이").sign_up(),
            Role.MODERATOR: arrive("지기 박").sign_up(),
            Role.BUDGET_ENTRY: arrive("예산 최").sign_up(),
            Role.BUDGET_APPROVAL: arrive("예산 정").sign_up(),
        }
        for role, person in staff.items():
            administrator.go(f"{home}/desk/roles")
            administrator.send({"email": person.email, "role": role.value}, to="/desk/roles")
        residents = [arrive(f"주민 {name}").sign_up() for name in ("하나", "두리", "세나")]
        for resident in residents:
            staff[Role.CLERK].go(f"{home}/desk/residency")
            staff[Role.CLERK].send(
                {
                    "email": resident.email,
                    "legal_name": resident.name,
                    "born_on": "19800229",
                    "residency_class": "address",
                    "evidence": "주민등록증",
                },
                to="/desk/residency",
            )
        round_path = plan_round(administrator, home)
    round_page = round_path.replace("/manage", "")
    first, second, third = residents

    with at(during(Phase.DISCOVERY)):
        lamp = propose(first, home, "골목에 가로등을", "safety")
        propose(second, home, "정류장에 그늘을", "welfare")
        propose(third, home, "놀이터 모래를 새로", "welfare")
        discuss(lamp, second, third, staff[Role.MODERATOR], home)
        second.go(lamp)
        second.send(to="/endorse")
        second.reads("1")

    with at(starts(Phase.AGENDA_VOTE) - timedelta(days=1)):
        poll = prepare_poll(administrator, round_path, kind="agenda", titles=("가로등", "그늘", "모래"))
    with at(during(Phase.AGENDA_VOTE)):
        vote(first, home, ["골목에 가로등을", "정류장에 그늘을"])
        vote(second, home, ["골목에 가로등을"])
        vote(third, home, ["놀이터 모래를 새로"])
        vote(third, home, ["정류장에 그늘을"])
    with at(starts(Phase.MATCHING) + timedelta(hours=1)):
        count_and_publish(administrator, poll)
        administrator.reads("골목에 가로등을", "정류장에 그늘을")
        officer = staff[Role.BUDGET_ENTRY]
        officer.go(f"{round_page}/agenda")
        officer.send(to="/adopt")
        officer.reads("골목에 가로등을", "정류장에 그늘을")
        for title, cost in (("골목에 가로등을", "60,000,000"), ("정류장에 그늘을", "50,000,000")):
            make_project(officer, f"{round_page}/agenda", title, cost)

    with at(starts(Phase.BUDGET_VOTE) - timedelta(days=1)):
        poll = prepare_poll(administrator, round_path, kind="budget", titles=("가로등", "그늘"))
    with at(during(Phase.BUDGET_VOTE)):
        vote(first, home, ["골목에 가로등을"])
        vote(second, home, ["골목에 가로등을"])
        vote(third, home, ["정류장에 그늘을"])
    with at(starts(Phase.ALLOCATION) + timedelta(hours=1)):
        count_and_publish(administrator, poll)
        first.go(poll.replace("/manage", "") + "/outcome")
        first.reads("골목에 가로등을", "6,000만 원")
        officer.go(f"{round_page}/projects")
        officer.send(to="/apply")
        officer.reads("선정", "미선정")
    with at(during(Phase.ALLOCATION)):
        spend(home, round_page, officer, staff[Role.BUDGET_APPROVAL], first)


def plan_round(administrator: Walker, home: str) -> str:
    """The administrator creates and announces a round of six phases; where it is managed."""
    administrator.go(f"{home}/manage/rounds/new")
    dates = {f"{phase}_{end}": "" for phase in Phase for end in ("starts_at", "ends_at")}
    for phase in PHASES:
        dates[f"{phase}_starts_at"] = typed(starts(phase))
        dates[f"{phase}_ends_at"] = typed(starts(phase) + timedelta(days=14))
    broken = {**dates, "title_ko": "2027년 하늘시 주민참여예산", "envelope": "백만", "field_names": ""}
    told = administrator.refused(broken, to="/rounds/new")
    assert "숫자" in told
    administrator.send(
        {
            **dates,
            "title_ko": "2027년 하늘시 주민참여예산",
            "title_en": "Haneul 2027",
            "summary_ko": "주민이 고른 문제를 함께 풉니다.",
            "envelope": "100,000,000",
            "field_names": "안전 / Safety\n복지 / Welfare",
        },
        to="/rounds/new",
    )
    managed = administrator.browser.address.split("?")[0]
    administrator.go(f"{managed}/announce")
    administrator.send(to="/announce")
    return managed


def propose(resident: Walker, home: str, title: str, field: str) -> str:
    """Write, look at it, submit; the proposal's address."""
    resident.go(home).follow(to="/proposals/new")
    words = {"title": title, "summary": f"{title}: 밤길이 걱정입니다.", "field_key": field, "place": "하늘동"}
    resident.refused({**words, "body": ""}, to="/proposals/new")
    resident.send({**words, "body": "**왜** 필요한지 적습니다. 세 번이나 다칠 뻔했습니다."}, to="/proposals/new")
    if "/new" in resident.browser.address:
        resident.send(button="제출")
    resident.reads(title, "왜")
    return resident.browser.address


def discuss(proposal: str, friend: Walker, critic: Walker, moderator: Walker, home: str) -> None:
    """One comment with a stance, an insult that is reported and hidden, the author told why."""
    friend.go(proposal)
    friend.send({"body": "우리 골목도 어둡습니다.", "stance": "for"}, to="/comments")
    critic.go(proposal)
    critic.send({"body": "바보 같은 소리입니다.", "stance": "against"}, to="/comments")
    friend.go(proposal)
    reports = friend.browser.page.xpath("//main//a[contains(@href, '/report/comment/')]/@href")
    friend.go(reports[0])
    friend.send({"reason": "abuse", "note": "욕설입니다."}, to=reports[0].split("?")[0])
    moderator.go(f"{home}/desk/moderation")
    moderator.reads("바보 같은 소리입니다.")
    cases = moderator.browser.page.xpath("//main//a[contains(@href, '/desk/moderation/')]/@href")
    moderator.go(cases[0])
    moderator.send({"reason": "abuse", "facts": "다른 주민을 낮추어 말합니다."}, button="숨기기")
    friend.go(proposal)
    assert "바보 같은 소리입니다." not in friend.browser.text()
    critic.go("/me/messages")
    critic.reads("욕설·혐오")


def prepare_poll(administrator: Walker, managed: str, *, kind: str, titles: tuple[str, ...]) -> str:
    """Create the poll with what the form suggests, put everything on the ballot, fix it; where it is managed."""
    administrator.go(f"{managed}/polls/new?kind={kind}")
    limits = {"max_choices": "2", "seats": "2"} if kind == "agenda" else {"max_choices": "2"}
    administrator.send({"title_ko": f"{kind} 투표", "title_en": f"{kind} poll", **limits}, to="/polls/new")
    boxes = administrator.browser.page.xpath("//main//input[@name='subjects']")
    assert len(boxes) == len(titles)
    administrator.reads(*titles)
    administrator.send({"subjects": [box.get("value") for box in boxes]}, to="/options")
    poll = administrator.browser.address.split("?")[0]
    administrator.go(f"{poll}/freeze")
    administrator.reads(*titles)
    administrator.send(to="/freeze")
    assert administrator.browser.get(f"{poll}/edit").status_code == 200
    return poll


def vote(resident: Walker, home: str, titles: list[str]) -> None:
    """Choose by title, look it over, cast, keep the receipt."""
    resident.go(f"{home}/votes").follow_text("투표")
    page = resident.browser.page
    keys = [
        box.get("value")
        for box in page.xpath("//input[@name='choices']")
        if any(title in page.xpath(f"string(//label[@for='{box.get('id')}'])") for title in titles)
    ]
    assert len(keys) == len(titles)
    resident.send({"choices": keys}, to="/confirm")
    resident.reads(*titles)
    resident.send(to="/cast")
    assert resident.browser.address.endswith("/receipt")


def count_and_publish(administrator: Walker, poll: str) -> None:
    administrator.go(f"{poll}/close")
    administrator.send(to="/close")
    administrator.go(f"{poll}/publish")
    administrator.send(to="/publish")


def make_project(officer: Walker, agenda: str, title: str, cost: str) -> None:
    officer.go(agenda)
    links = officer.browser.page.xpath("//main//a[contains(@aria-label, $title)]/@href", title=title)
    officer.go(links[0])
    words = {"title": title, "summary": "바로 시작할 수 있습니다.", "department": "도로과", "place": "하늘동"}
    officer.refused({**words, "cost_amount": "많이"}, to="/projects/new")
    officer.send({**words, "cost_amount": cost, "description": "봄에 시작해 여름에 마칩니다."}, to="/projects/new")
    officer.reads(title, "도로과")


def spend(home: str, round_page: str, entry: Walker, approval: Walker, resident: Walker) -> None:
    """Fund the envelope, allocate to the winner, pay a first part: one officer enters, another approves."""
    entry.go(f"{home}/desk/budget/rounds/{round_page.rsplit('/', 1)[1]}/fund")
    entry.send(
        {"source": "시비", "amount": "100,000,000", "reason": "예산 편성", "evidence": "예산서 12호"}, to="/fund"
    )
    entry.go(f"{round_page}/projects").follow_text("골목에 가로등을")
    project = entry.browser.address
    desk = project.replace("/projects/", "/desk/budget/projects/")
    entry.go(f"{desk}/allocate")
    told = entry.refused({"amount": "90,000,000", "reason": "배정"}, to="/allocate")
    assert "6,000만 원" in told, "more than the cost on the ballot"
    entry.send({"amount": "60,000,000", "reason": "투표 결과에 따른 배정"}, to="/allocate")
    entry.go(f"{desk}/enter")
    bill = {"payee": "밝은길조명", "reason": "선금", "evidence": "세금계산서 1호"}
    told = entry.refused({**bill, "amount": "70,000,000"}, to="/enter")
    assert "6,000만 원" in told, "more than what is left"
    entry.send({**bill, "amount": "20,000,000"}, to="/enter")

    resident.go("/me/messages")
    approval.go(f"{home}/desk/budget")
    approval.reads("밝은길조명")
    payments = approval.browser.page.xpath("//main//a[contains(@href, '/desk/budget/payments/')]/@href")
    entry.go(payments[0])
    assert not entry.browser.page.xpath("//form[contains(@action, '/approve')]"), "nobody approves their own entry"
    approval.go(payments[0])
    approval.send(to="/approve")

    resident.go(project)
    resident.reads("밝은길조명", "2,000만 원", "4,000만 원")
    resident.go(f"{home}/money")
    resident.reads("골목에 가로등을", "2,000만 원")
