"""Who takes part in the living example: the sign-ins, two dozen neighbours who write, and crowds who vote."""

import random
from collections.abc import Sequence

import sqlalchemy as sa

from civicvote.cli.example.accounts import PASSWORD, SIGN_INS
from civicvote.db import db
from civicvote.domain.accounts.models import Authenticator, Person, Residency
from civicvote.domain.accounts.passwords import hash_password
from civicvote.domain.accounts.queries import actor_of_person
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.accounts.second_factor import sealing_purpose
from civicvote.domain.accounts.services import appoint
from civicvote.domain.regions.queries import RegionScope
from civicvote.domain.verification.services_desk import Identity, confirm_at_desk
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from civicvote.web.settings import settings

_FIRST = (
    "푸른",
    "조용한",
    "부지런한",
    "느긋한",
    "반가운",
    "둥근",
    "밝은",
    "작은",
    "고운",
    "새로운",
    "든든한",
    "다정한",
)
_SECOND = (
    "솔잎",
    "조약돌",
    "참새",
    "나루",
    "들꽃",
    "구름",
    "옹기",
    "바람",
    "뜰",
    "물결",
    "솥밥",
    "등불",
    "오솔길",
    "토끼풀",
)
_CANNOT_SIGN_IN = "!"
_AGE_BANDS = ((19, 29), (30, 39), (40, 49), (50, 59), (60, 69), (70, 88))
_AGE_WEIGHTS = (8, 15, 21, 24, 20, 12)
#: Enough for the most endorsed proposal; only those with a nickname of the story write.
NEIGHBOURS = 160


class Cast:
    """The people by name, each with the actor that the services ask for."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._chance = random.Random("neighbours")  # noqa: S311  (names of a story)

    def add(self, email: str, name: str, password_hash: str = _CANNOT_SIGN_IN) -> int:
        person = Person(
            id=ids.new_id(),
            email=email,
            display_name=name,
            password_hash=password_hash,
            locale="ko",
            created_at=clock.now(),
        )
        db.session.add(person)
        db.session.flush()
        self._ids[email] = person.id
        return person.id

    def actor(self, email: str) -> Actor:
        """The person as a request would know them now, roles included."""
        actor = actor_of_person(self._ids[email])
        assert actor is not None
        return actor

    def enter(self, nicknames: list[str], regions: list[RegionScope]) -> None:
        """Create the sign-ins with their roles and residencies, and the neighbours."""
        password_hash = hash_password(PASSWORD)
        for sign_in in SIGN_INS:
            person_id = self.add(sign_in.email, sign_in.name, password_hash)
            if sign_in.authenticator:
                _give_authenticator(person_id, sign_in.authenticator)
            for region in regions:
                for role in sign_in.roles:
                    appoint(region_id=region.id, email=sign_in.email, role=role)
        clerk = self.actor("clerk@example.org")
        for region, belonging in zip(regions, ResidencyClass, strict=False):
            confirm_at_desk(
                actor=clerk,
                region=region,
                email="resident@example.org",
                identity=Identity(legal_name="나주민", born_on="1974-05-02"),
                residency_class=belonging,
                assurance=Assurance.IN_PERSON,
                evidence="주민등록증",
                keys=settings().key_ring,
            )
        for number in range(NEIGHBOURS):
            self.add(neighbour(number), nicknames[number] if number < len(nicknames) else _name(number, self._chance))


def _give_authenticator(person_id: int, secret: str) -> None:
    """An authenticator that is set up already; in a demonstration the page that asks for a code tells it."""
    sealed = settings().key_ring.seal(sealing_purpose(person_id), secret.encode())
    now = clock.now()
    db.session.add(Authenticator(person_id=person_id, secret=sealed, created_at=now, confirmed_at=now))


def _name(number: int, chance: random.Random) -> str:
    return f"{chance.choice(_FIRST)} {chance.choice(_SECOND)} {number + 1}"


def _age(chance: random.Random) -> int:
    """An adult's, as ages are spread among those who vote in such polls: few young, most of middle age."""
    lowest, highest = chance.choices(_AGE_BANDS, weights=_AGE_WEIGHTS)[0]
    return chance.randint(lowest, highest)


def neighbour(number: int) -> str:
    """The address of a neighbour of the story, by number."""
    return f"neighbour{number}@example.org"


def voter(region: RegionScope, number: int) -> str:
    """The address of one of the region's crowd, by number."""
    return f"{region.slug}-{number}@example.org"


def crowd(
    region: RegionScope, size: int, *, confirmed_by_id: int, chance: random.Random, districts: Sequence[str]
) -> list[Actor]:
    """``size`` confirmed residents of the region who only vote, stored in bulk. They live in ``districts``, more of
    them in what stands there twice."""
    people, residencies, actors = [], [], []
    ages = random.Random(f"ages of {region.slug}")  # noqa: S311  (ages of a story)
    for number in range(size):
        name = _name(number, chance)
        person_id = ids.new_id()
        people.append(
            {
                "id": person_id,
                "email": voter(region, number),
                "display_name": name,
                "password_hash": _CANNOT_SIGN_IN,
                "locale": "ko",
                "created_at": clock.now(),
            }
        )
        residencies.append(
            {
                "region_id": region.id,
                "person_id": person_id,
                "residency_class": ResidencyClass.ADDRESS,
                "assurance": Assurance.IN_PERSON,
                "confirmed_by_id": confirmed_by_id,
                "confirmed_at": clock.now(),
                "evidence": "",
                "district_code": ages.choice(districts),
                "birth_year": clock.today().year - _age(ages),
            }
        )
        actors.append(Actor(person_id=person_id, name=name, residencies=frozenset({region.id})))
    db.session.execute(sa.insert(Person), people)
    db.session.execute(sa.insert(Residency), residencies)
    return actors


def holders(role: Role) -> str:
    """The address of the sign-in that holds ``role``."""
    return next(sign_in.email for sign_in in SIGN_INS if role in sign_in.roles)
