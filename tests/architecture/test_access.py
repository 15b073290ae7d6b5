"""Law 4: every endpoint stands in the access table, the table holds, and a safe request writes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from civicvote.domain.accounts.models import AccountSession
from civicvote.domain.proposals.services import submit_proposal
from civicvote.domain.regions.models import Region
from civicvote.domain.threads.models import Thread
from civicvote.domain.threads.services import post_comment
from civicvote.domain.threads.stance import Stance
from civicvote.kernel import clock
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from civicvote.web.access_table import ACCESS
from civicvote.web.audiences import Audience
from tests.architecture.doors import Door, doors, is_admitted, rules
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.polls import make_agenda_draft
from tests.strict_client import StrictClient

SAFE = frozenset({"GET"})
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def test_the_access_table_lists_every_endpoint_and_no_other(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in rules(app)}
    assert endpoints - ACCESS.keys() == set(), "shut, because they are not in the table"
    assert ACCESS.keys() - endpoints == set(), "in the table, but there is no such endpoint"


def test_what_needs_a_permission_says_in_which_region(app: Flask) -> None:
    wrong = [
        rule.rule
        for rule in rules(app)
        if ACCESS[rule.endpoint].audience is Audience.PERMITTED
        and not ("slug" in rule.arguments and ACCESS[rule.endpoint].permissions)
    ]
    assert not wrong, wrong


#: Unsafe requests that need no account, and why. Whoever is signed in may send them too.
WITHOUT_ACCOUNT = {
    "accounts.reset": "who forgot the password asks for a link by mail",
    "accounts.begin": "the link in the mail stands for the account",
    "accounts.new_password": "the link in the mail stands for the account",
    "accounts.new_address": "the link in the mail stands for the account",
}


def test_only_people_who_signed_in_change_anything(app: Flask) -> None:
    """Visitors sign up and sign in, and links from mails need no account; any other unsafe request does."""
    open_to_all = {
        rule.endpoint
        for rule in rules(app)
        if (rule.methods or set()) & UNSAFE and ACCESS[rule.endpoint].audience in {Audience.EVERYBODY, Audience.DEMO}
    }
    assert open_to_all == WITHOUT_ACCOUNT.keys()


def test_only_the_return_from_a_provider_writes_by_a_safe_request() -> None:
    """The provider sends the browser back by a GET, and a session begins; ``tests/web/providers`` shows with what."""
    assert [endpoint for endpoint, access in ACCESS.items() if access.writes_safely] == ["providers.callback"]


def test_desks_and_the_running_of_rounds_are_for_roles(app: Flask) -> None:
    wrong = [
        rule.rule
        for rule in rules(app)
        if {"desk", "manage"} & set(rule.rule.split("/")) and ACCESS[rule.endpoint].audience is not Audience.PERMITTED
    ]
    assert not wrong, wrong


#: Who comes to the doors: nobody, somebody, each role, and all roles of another region.
VISITORS = ["anonymous", "signed_in", *Role, "officer_elsewhere"]


def arrive(visitor: str, region: Region, sign_in: Any, nobody: StrictClient) -> StrictClient:
    client: StrictClient
    if visitor == "anonymous":
        client = nobody
    elif visitor == "signed_in":
        client = sign_in(make_person())
    elif visitor == "officer_elsewhere":
        client = sign_in(make_officer(make_region().id, *Role))
    else:
        client = sign_in(make_officer(region.id, Role(visitor)))
    return client


@pytest.mark.parametrize("visitor", VISITORS)
def test_the_doors_open_as_the_table_says(
    app: Flask, session: Session, sign_in: Any, client: StrictClient, visitor: str
) -> None:
    """Behind an open door anything may follow (a page, 404, a missing CSRF token) but a refusal of the door itself."""
    region = make_region()
    round_ = make_round(region)
    session.commit()
    visiting = arrive(visitor, region, sign_in, client)
    session.commit()
    known = {"slug": region.slug, "round_id": round_.id, "phase": "discovery", "kind": "proposal"}
    wrong = []
    for door in doors(app, known, SAFE | UNSAFE):
        if door.endpoint == "assets.file":
            continue
        response = visiting.open(door.address, method=door.method)
        where = response.headers.get("Location", "")
        turned_away = response.status_code == 403 or (response.status_code == 303 and "sign-in" in where)
        if ACCESS[door.endpoint].audience is Audience.DEMO:
            turned_away = response.status_code == 404
        if ACCESS[door.endpoint].audience is Audience.VISITORS and visitor != "anonymous":
            turned_away = response.status_code == 303 and where == "/"
        expected = is_admitted(ACCESS[door.endpoint], visitor)
        if turned_away == expected or response.status_code >= 500:
            wrong.append(f"{door}: {response.status_code} {where}, admitted should be {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("session_kind", ["without_a_second_factor", "ended", "of_nobody"])
def test_a_session_that_is_not_enough_opens_no_desk(
    app: Flask, session: Session, sign_in: Any, client: StrictClient, session_kind: str
) -> None:
    """All roles, but the second factor never shown, the session ended elsewhere, or a token that nobody was given."""
    region = make_region()
    officer = make_officer(region.id, *Role)
    session.commit()
    visiting = sign_in(officer, with_second_factor=session_kind != "without_a_second_factor")
    if session_kind == "ended":
        session.execute(sa.update(AccountSession).values(ended_at=clock.now()))
    elif session_kind == "of_nobody":
        with visiting.session_transaction() as cookie:
            cookie["_user_id"] = "made-up"
    session.commit()
    known = {"slug": region.slug, "round_id": 1, "phase": "discovery", "kind": "proposal"}
    onward = "second-factor" if session_kind == "without_a_second_factor" else "sign-in"
    wrong = []
    for door in doors(app, known, SAFE | UNSAFE):
        if ACCESS[door.endpoint].audience is Audience.PERMITTED:
            response = visiting.open(door.address, method=door.method)
            if response.status_code != 303 or onward not in response.headers["Location"]:
                wrong.append(f"{door}: {response.status_code} {response.headers.get('Location', '')}")
    assert not wrong, "\n".join(wrong)


@contextmanager
def watching_for_writes() -> Iterator[list[str]]:
    written: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER")):
            written.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield written
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def furnished(session: Session) -> tuple[Region, dict[str, object]]:
    """A region in which most addresses lead to something."""
    region = make_region()
    round_ = make_round(region, Phase.DISCOVERY)
    author = actor_for(make_person())
    proposal = submit_proposal(
        actor=author,
        round=round_,
        title="밤길을 밝게 비춰 주세요",
        summary="골목에 가로등을 더 세웁니다",
        body="밤에 돌아오는 길이 어둡습니다. 가로등을 다섯 개만 더 세우면 안심하고 다닐 수 있습니다.",
        field_key="safety",
        place="",
    )
    thread = session.get_one(Thread, (region.id, proposal.thread_id))
    comment = post_comment(actor=author, thread=thread, body="저도 그렇습니다.", stance=Stance.FOR, parent_id=None)
    poll = make_agenda_draft(region, round=make_round(region, Phase.AGENDA_VOTE))
    session.commit()
    return region, {
        "slug": region.slug,
        "round_id": round_.id,
        "proposal_id": proposal.id,
        "thread_id": proposal.thread_id,
        "comment_id": comment.id,
        "poll_id": poll.id,
        "subject_id": proposal.id,
        "kind": "proposal",
        "phase": "discovery",
    }


@pytest.mark.parametrize("visitor", ["anonymous", "signed_in", "officer"])
def test_a_safe_request_writes_nothing(
    app: Flask, session: Session, sign_in: Any, client: StrictClient, visitor: str
) -> None:
    region, known = furnished(session)
    if visitor == "officer":
        client = sign_in(make_officer(region.id, *Role))
    else:
        client = arrive(visitor, region, sign_in, client)
    session.commit()
    wrong: list[str] = []
    answered: list[Door] = []
    for door in doors(app, known, SAFE):
        with watching_for_writes() as written:
            response = client.get(door.address)
        wrong += [f"{door}: {statement.splitlines()[0][:80]}" for statement in written]
        if response.status_code == 200:
            answered.append(door)
        elif response.status_code >= 500:
            wrong.append(f"{door}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert len(answered) >= 15, "the test looks at pages, not at refusals"


def test_the_search_for_writes_sees_one(session: Session) -> None:
    with watching_for_writes() as written:
        make_region()
    assert len(written) == 1
