"""Rules of residency, what residents read of them, their own word, and clashes decided on the page."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.accounts.models import Residency
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.polls.models import Poll
from civicvote.domain.regions.models import Region
from civicvote.domain.verification.kinds import VerificationChannel
from civicvote.domain.verification.models import GuardianConsent, IdentityClash, ResidencyRule
from civicvote.domain.verification.services import verify_residency
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from tests.factories.identity import desk_claim, scope_of
from tests.factories.people import make_officer, make_person, make_resident
from tests.factories.places import make_region
from tests.factories.polls import freeze, make_agenda_draft
from tests.strict_client import StrictClient

HOME = "/regions/bitgoeul/residency"


@pytest.fixture
def region(session: Session) -> Region:
    made = make_region("bitgoeul", name_ko="빛고을", name_en="Bitgoeul")
    session.commit()
    return made


@pytest.fixture
def administrator(region: Region, sign_in: Any) -> StrictClient:
    made: StrictClient = sign_in(make_officer(region.id, Role.ADMINISTRATOR))
    return made


def test_an_administrator_lays_down_a_class_and_residents_read_it(
    administrator: StrictClient, client: StrictClient, session: Session
) -> None:
    administrator.get(f"{HOME}/rules")
    administrator.get(f"{HOME}/rules/class/work")
    administrator.submit(
        {
            "is_admitted": "y",
            "minimum_assurance": "in_person",
            "valid_months": "12",
            "clause_ko": "주민참여예산 조례 제2조",
            "clause_en": "Ordinance, Article 2",
        },
        button="기준 정하기",
    )
    assert administrator.address == f"{HOME}/rules"
    rule = session.get_one(ResidencyRule, (session.scalars(sa.select(Region.id)).one(), ResidencyClass.WORK))
    assert (rule.minimum_assurance, rule.valid_months) == (Assurance.IN_PERSON, 12)
    entry = session.scalars(sa.select(AuditEntry)).one()
    assert (entry.verb, entry.subject, "주민참여예산 조례 제2조" in entry.detail) == (
        "residency:rule",
        "class:work",
        True,
    )
    client.get(HOME)
    assert "주민참여예산 조례 제2조" in client.text()
    assert "12개월" in client.text()
    client.get(f"/en{HOME}")
    assert "Ordinance, Article 2" in client.text()


def test_a_class_can_be_left_out_and_an_unchanged_rule_is_no_act(administrator: StrictClient, session: Session) -> None:
    administrator.get(f"{HOME}/rules/class/work")
    administrator.submit(button="기준 정하기")
    assert not session.scalars(sa.select(AuditEntry)).all()
    administrator.get(f"{HOME}/rules/class/work")
    administrator.submit({"is_admitted": []}, button="기준 정하기")
    administrator.get(HOME)
    assert "주민으로 보지 않는 구분" in administrator.text()


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("class/work", {"valid_months": "0"}),
        ("class/work", {"valid_months": "121"}),
        ("class/work", {"clause_ko": "900101-1234567"}),
        ("class/work", {"minimum_assurance": "magic"}),
        ("group/under_age", {"minimum_age": "20"}),
        ("group/under_age", {"consent_below_age": "x"}),
        ("group/under_age", {"consent_below_age": "13"}),
        ("group/staff", {"clause_en": "900101-1234567"}),
    ],
)
def test_an_unusable_rule_is_refused_with_what_was_typed(
    administrator: StrictClient, session: Session, path: str, values: dict[str, str]
) -> None:
    administrator.get(f"{HOME}/rules/{path}")
    assert administrator.submit(values, button="기준 정하기").status_code == 422
    name, value = next(iter(values.items()))
    assert administrator.page.xpath("//p[@class='field__error']")
    assert administrator.page.xpath(f"//input[@name='{name}']/@value") in ([value], [])
    assert not session.scalars(sa.select(ResidencyRule)).all()


@pytest.mark.parametrize("path", ["class/none", "group/none"])
def test_there_are_no_other_rules(administrator: StrictClient, path: str) -> None:
    assert administrator.get(f"{HOME}/rules/{path}").status_code == 404


def test_the_age_of_the_region_begins_the_form_of_a_vote_and_groups_can_be_let_in(
    administrator: StrictClient, client: StrictClient
) -> None:
    administrator.get(f"{HOME}/rules/group/under_age")
    administrator.submit({"minimum_age": "16", "consent_below_age": "15"}, button="기준 정하기")
    administrator.get(f"{HOME}/rules/group/council")
    administrator.submit({"is_excluded": []}, button="기준 정하기")
    client.get(HOME)
    assert "만 16세부터" in client.text()
    assert "만 15세" in client.text()
    assert "의회 의원" not in client.text().split("투표할 수 없는 사람과 그 근거")[1].split("한 사람에 한 계정")[0]


def test_rules_and_decisions_ask_for_a_fresh_second_factor(region: Region, sign_in: Any, session: Session) -> None:
    officer = make_officer(region.id, Role.ADMINISTRATOR)
    fresh = sign_in(officer)
    fresh.get(f"{HOME}/rules/class/work")
    with clock.frozen_at(clock.now() + timedelta(minutes=6)):
        answer = fresh.submit({"clause_ko": "제2조"}, button="기준 정하기", follow=False)
    assert answer.status_code in {303, 403}
    assert not session.scalars(sa.select(ResidencyRule)).all()


def test_ones_own_word_counts_only_where_the_region_takes_it(
    administrator: StrictClient, region: Region, sign_in: Any, session: Session
) -> None:
    person = make_person()
    resident = sign_in(person)
    resident.get(f"{HOME}/declare")
    assert "본인의 말만으로는 확인하지 않습니다" in resident.text()
    administrator.get(f"{HOME}/rules/class/study")
    administrator.submit({"is_admitted": "y", "minimum_assurance": "self_declared"}, button="기준 정하기")
    resident.get(HOME)
    resident.get(f"{HOME}/declare")
    typed = {"legal_name": "김하나", "born_on": "19900307", "residency_class": "study"}
    assert resident.submit(typed | {"legal_name": "900307-1234567"}, action="/declare").status_code == 422
    assert resident.submit(typed | {"residency_class": "address"}, action="/declare").status_code == 422
    resident.submit(typed, action="/declare")
    assert "주민으로 확인되어 투표할 수 있습니다" in resident.text()
    residency = session.get_one(Residency, (region.id, person.id))
    assert (residency.assurance, residency.confirmed_by_id) == (Assurance.SELF_DECLARED, None)
    resident.get(f"{HOME}/declare")
    assert resident.submit(typed | {"legal_name": "이두리"}, action="/declare").status_code == 422
    second = sign_in(make_person())
    second.get(f"{HOME}/declare")
    second.submit(typed, action="/declare")
    assert "결정을 기다리고 있습니다" in second.text()


def test_the_page_tells_when_a_confirmation_runs_out(region: Region, sign_in: Any, session: Session) -> None:
    person = make_resident(region.id)
    resident = sign_in(person)
    resident.get(HOME)
    assert "투표할 수 있습니다" in resident.text()
    residency = session.get_one(Residency, (region.id, person.id))
    residency.valid_until_on = clock.today() + timedelta(days=30)
    resident.get(HOME)
    assert "그 전에 다시 확인받아 주십시오" in resident.text()
    resident.get("/me")
    assert "주민 확인 기간이 끝납니다" in resident.text()
    residency.valid_until_on = clock.today() - timedelta(days=1)
    resident.get(HOME)
    assert "기간이 끝났습니다" in resident.text()
    resident.get("/me")
    assert "주민 확인 기간이 끝났습니다" in resident.text()


def clash_in(region: Region, earlier_name: str = "먼저", later_name: str = "나중") -> IdentityClash:
    scope = scope_of(region)
    for name in (earlier_name, later_name):
        made = verify_residency(
            region=scope, person_id=make_person(name).id, claim=desk_claim(region.id, earlier_name), actor=None
        )
    assert made.clash_id is not None
    db.session.commit()
    return db.session.get_one(IdentityClash, (region.id, made.clash_id))


@pytest.mark.parametrize(
    ("decision", "residents"), [("transfer", {"later"}), ("refuse", {"earlier"}), ("namesake", {"earlier", "later"})]
)
def test_an_administrator_sees_both_masked_and_decides(
    administrator: StrictClient, region: Region, session: Session, decision: str, residents: set[str]
) -> None:
    clash = clash_in(region)
    administrator.get(f"{HOME}/clashes")
    administrator.get(administrator.page.xpath("//ul[@class='rows']//a/@href")[0])
    assert "먼저" in administrator.text()
    assert "…@example.org" in administrator.text()
    assert "person" not in administrator.text().replace("pe…@", "")
    assert administrator.submit({"decision": decision}, button="결정하기").status_code == 422
    administrator.submit({"decision": decision, "reason": "서류를 보았습니다."}, button="결정하기")
    assert "결정했습니다" in administrator.text()
    session.expire_all()
    found = set(session.scalars(sa.select(Residency.person_id)))
    assert found == {getattr(clash, f"{each}_person_id") for each in residents}
    administrator.get(f"{HOME}/clashes?decided=1")
    assert "나중님과 먼저님" in administrator.text()
    again = administrator.get(f"{HOME}/clashes/{ids.encode(clash.id)}")
    assert again.status_code == 200
    assert "서류를 보았습니다." in administrator.text()


def test_a_transfer_waits_for_an_open_vote(
    administrator: StrictClient, region: Region, session: Session, tmp_path: Any
) -> None:
    clash = clash_in(region)
    freeze(make_agenda_draft(region), region, tmp_path / "keys")
    session.commit()
    administrator.get(f"{HOME}/clashes/{ids.encode(clash.id)}")
    answer = administrator.submit({"decision": "transfer", "reason": "한 사람입니다."}, button="결정하기")
    assert answer.status_code == 422
    assert "투표의 명부에 있습니다" in administrator.text()
    assert administrator.page.xpath("//textarea[@name='reason']")[0].text.strip() == "한 사람입니다."


def test_clashes_are_paged_with_as_many_statements_at_any_size(
    administrator: StrictClient, region: Region, session: Session, count_queries: Any
) -> None:
    first, second = make_person("가"), make_person("나")

    def raise_many(number: int) -> None:
        for _ in range(number):
            session.add(
                IdentityClash(
                    region_id=region.id,
                    id=ids.new_id(),
                    kind="name_and_birth",
                    identity_hash="ab",
                    earlier_person_id=first.id,
                    later_person_id=second.id,
                    channel=VerificationChannel.DESK,
                    claim={},
                    raised_at=clock.now(),
                )
            )
        session.commit()

    raise_many(60)
    with count_queries() as few:
        administrator.get(f"{HOME}/clashes")
    assert len(administrator.page.xpath("//p[@class='row__title']")) == 20
    administrator.get(administrator.page.xpath("//a[@rel='next']/@href")[0])
    assert len(administrator.page.xpath("//p[@class='row__title']")) == 20
    raise_many(1_940)
    with count_queries() as many:
        administrator.get(f"{HOME}/clashes")
    assert len(few) == len(many)


def test_consents_are_paged_with_as_many_statements_at_any_size(
    region: Region, sign_in: Any, session: Session, count_queries: Any
) -> None:
    officer = make_officer(region.id, Role.CLERK)

    def consent(number: int) -> None:
        for _ in range(number):
            session.add(
                GuardianConsent(
                    region_id=region.id,
                    person_id=make_person().id,
                    guardian_name="이두리",
                    relation="어머니",
                    evidence="가족관계증명서",
                    consented_at=clock.now(),
                    recorded_by_id=officer.id,
                )
            )
        session.commit()

    clerk = sign_in(officer)
    consent(60)
    with count_queries() as few:
        clerk.get("/regions/bitgoeul/desk/guardians")
    assert len(clerk.page.xpath("//p[@class='row__title']")) == 20
    consent(1_940)
    with count_queries() as many:
        clerk.get("/regions/bitgoeul/desk/guardians")
    assert len(few) == len(many)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (None, "주민으로 확인된 사람이 투표할 수 있는데"),
        ({"excluded_as": "staff"}, "공무원은 이 투표에 참여할 수 없습니다"),
        ({"assurance": Assurance.SELF_DECLARED}, "더 확실한 방법"),
        ({"valid_until_on": clock.today() - timedelta(days=1)}, "확인 기간이 끝났습니다"),
        ({"born_on": clock.today() - timedelta(days=15 * 366)}, "만 18세가 된 사람부터"),
    ],
)
def test_the_ballot_page_says_what_stands_in_the_way(
    region: Region, sign_in: Any, session: Session, tmp_path: Any, values: dict[str, Any] | None, said: str
) -> None:
    person = make_person() if values is None else make_resident(region.id)
    if values:
        session.execute(sa.update(Residency).where(Residency.person_id == person.id).values(**values))
    poll: Poll = freeze(make_agenda_draft(region), region, tmp_path / "keys")
    session.commit()
    resident = sign_in(person)
    resident.get(f"/regions/bitgoeul/polls/{ids.encode(poll.id)}")
    assert said in resident.text()
    assert not resident.page.xpath("//input[@name='choices']")
    assert resident.page.xpath(f"//main//a[@href='{HOME}']")
    resident.get(f"/en/regions/bitgoeul/polls/{ids.encode(poll.id)}")
    assert "%(" not in resident.text()
