"""Lists, letters and rolls of a test."""

from datetime import date
from typing import Any

from civicvote.domain.regions.models import Region
from civicvote.domain.verification.letters import PrintedLetter
from civicvote.domain.verification.models import RollUpload
from civicvote.domain.verification.rolls import RollMode
from civicvote.domain.verification.rows import ListedPerson, PeopleList
from civicvote.domain.verification.services_letters import make_letters
from civicvote.domain.verification.services_rolls import upload_roll
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from tests.factories.identity import BORN_ON, KEYS, scope_of
from tests.factories.people import actor_for, make_officer


def listed(name: str = "홍길동", born_on: date = BORN_ON, *, line: int = 2, **changes: Any) -> ListedPerson:
    return ListedPerson(line=line, name=name, born_on=born_on, address="광주광역시 남구 봉선로 1", **changes)


def send_letters(
    region: Region, *people: ListedPerson, clerk: Actor | None = None, valid_days: int = 30
) -> list[PrintedLetter]:
    made = make_letters(
        actor=clerk or actor_for(make_officer(region.id, Role.CLERK)),
        region=scope_of(region),
        listed=PeopleList(list(people) or [listed()]),
        reason="휴대전화가 없는 주민",
        valid_days=valid_days,
        takes_part_of_list=False,
        keys=KEYS,
    )
    return made.letters


def hand_in_roll(
    region: Region, *people: ListedPerson, by: Actor | None = None, mode: RollMode = RollMode.ADD
) -> RollUpload:
    return upload_roll(
        actor=by or actor_for(make_officer(region.id, Role.ADMINISTRATOR)),
        region=scope_of(region),
        listed=PeopleList(list(people)),
        file_sha256="0" * 64,
        mode=mode,
        reason="학교에서 받은 명단",
        keys=KEYS,
    )
