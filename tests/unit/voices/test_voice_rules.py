"""What each kind of voice must say, and which role speaks as what."""

from dataclasses import dataclass

import pytest

from civicvote.domain.voices.errors import InterestsNotDeclared, VoiceTextUnusable
from civicvote.domain.voices.kinds import VoiceKind
from civicvote.domain.voices.policy import PERMISSION_OF, may_change, require_change, require_voice, speakable
from civicvote.domain.voices.texts import VoiceTexts, clean_voice
from civicvote.kernel.actor import Actor, NotPermitted
from civicvote.kernel.permissions import Role
from civicvote.kernel.personal_data import PersonalNumber

ANSWER, SUMMARY, OPINION, BUDGET = VoiceKind
BODY = "내년 3월까지 횡단보도를 놓겠습니다."

MAY_SPEAK = {
    Role.CLERK: [],
    Role.MODERATOR: [SUMMARY],
    Role.BUDGET_ENTRY: [BUDGET],
    Role.BUDGET_APPROVAL: [],
    Role.REVIEWER: [ANSWER],
    Role.REPRESENTATIVE: [],
    Role.EXPERT: [OPINION],
    Role.OBSERVER: [],
    Role.ADMINISTRATOR: [ANSWER],
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_speaks_as_what_it_is_and_only_in_its_region(role: Role) -> None:
    actor = Actor(person_id=1, name="담당", roles={7: frozenset({role})})
    assert speakable(actor, 7) == MAY_SPEAK[role]
    assert speakable(actor, 8) == []
    for kind in VoiceKind:
        if kind in MAY_SPEAK[role]:
            assert require_voice(actor, kind, 7) is role
        else:
            with pytest.raises(NotPermitted):
                require_voice(actor, kind, 7)


def test_residents_and_visitors_speak_as_nothing() -> None:
    assert speakable(None, 7) == []
    assert speakable(Actor(person_id=1, name="주민", residencies=frozenset({7})), 7) == []
    assert set(PERMISSION_OF) == set(VoiceKind)


def test_whoever_holds_two_roles_signs_with_the_one_that_speaks() -> None:
    actor = Actor(person_id=1, name="담당", roles={7: frozenset({Role.CLERK, Role.ADMINISTRATOR, Role.REVIEWER})})
    assert require_voice(actor, ANSWER, 7) is Role.REVIEWER


@dataclass(frozen=True)
class Said:
    kind: VoiceKind
    author_id: int = 1
    region_id: int = 7
    is_mayors: bool = False


def _speaker_of(kind: VoiceKind, person_id: int, region_id: int = 7) -> Actor:
    role = next(role for role, kinds in MAY_SPEAK.items() if kind in kinds)
    return Actor(person_id=person_id, name="담당", roles={region_id: frozenset({role})})


@pytest.mark.parametrize("kind", list(VoiceKind))
def test_what_is_said_for_an_office_its_holders_change_what_an_expert_said_its_author_alone(kind: VoiceKind) -> None:
    author, colleague = _speaker_of(kind, 1), _speaker_of(kind, 2)
    assert may_change(author, Said(kind))
    assert may_change(colleague, Said(kind)) is (kind is not OPINION)
    if kind is OPINION:
        with pytest.raises(NotPermitted):
            require_change(colleague, Said(kind))


@pytest.mark.parametrize("kind", list(VoiceKind))
def test_whoever_may_not_speak_so_any_more_changes_nothing_either(kind: VoiceKind) -> None:
    for actor in (None, Actor(person_id=1, name="주민"), _speaker_of(kind, 1, region_id=8)):
        assert not may_change(actor, Said(kind))


@pytest.mark.parametrize(
    ("kind", "texts", "field"),
    [
        (ANSWER, VoiceTexts(body=BODY), "office"),
        (ANSWER, VoiceTexts(body="짧다", office="교통과"), "body"),
        (SUMMARY, VoiceTexts(body="가" * 20001), "body"),
        (BUDGET, VoiceTexts(body=BODY, office="예산과"), "estimate"),
        (OPINION, VoiceTexts(body=BODY, has_interests=False), "office"),
        (BUDGET, VoiceTexts(body=BODY, office="예산과", estimate="1" * 201), "estimate"),
    ],
)
def test_what_a_kind_needs_is_asked_beside_its_field(kind: VoiceKind, texts: VoiceTexts, field: str) -> None:
    with pytest.raises(VoiceTextUnusable) as refused:
        clean_voice(kind, texts)
    assert refused.value.field == field


def test_an_expert_says_whether_they_have_something_at_stake() -> None:
    for texts, field in (
        (VoiceTexts(body=BODY, office="산림생태"), "has_interests"),
        (VoiceTexts(body=BODY, office="산림생태", has_interests=True), "interests"),
        (VoiceTexts(body=BODY, office="산림생태", has_interests=True, interests="   "), "interests"),
    ):
        with pytest.raises(InterestsNotDeclared) as refused:
            clean_voice(OPINION, texts)
        assert refused.value.field == field


def test_interests_that_were_denied_are_not_kept_and_other_kinds_have_none() -> None:
    denied = VoiceTexts(body=BODY, office="산림생태", has_interests=False, interests="적다 만 글")
    assert clean_voice(OPINION, denied).interests == ""
    assert (
        clean_voice(ANSWER, VoiceTexts(body=BODY, office="교통과", has_interests=True, interests="무엇")).interests
        == ""
    )


@pytest.mark.parametrize("field", ["body", "office", "estimate"])
def test_personal_numbers_are_refused_in_every_text(field: str) -> None:
    given = {"body": BODY, "office": "예산과", "estimate": "1억 원"}
    with pytest.raises(PersonalNumber):
        clean_voice(BUDGET, VoiceTexts(**(given | {field: "내 번호는 850101-1234567 입니다"})))  # type: ignore[arg-type]
