"""Every form and link that anybody finds, tried by everybody else, and in every wrong way."""

from typing import Any

import pytest

from civicvote.web.access_table import ACCESS
from civicvote.web.audiences import Audience
from tests.architecture.doors import is_admitted
from tests.doors.crawler import Form, Harvest
from tests.doors.filling import filled, sent
from tests.doors.site import VISITORS, Site, Try, likeness

Harvests = dict[str, Harvest]

#: GET endpoints that no link leads to, with the reason.
UNLINKED = {
    "assets.file": "files",
    "health.healthz": "for machines",
    "health.readyz": "for machines",
    "demo.mail": "a demonstration only",
    "accounts.mailed": "a link in a mail",
    "accounts.begin": "a link in a mail",
    "accounts.new_password": "a link in a mail",
    "accounts.new_address": "a link in a mail",
    "providers.callback": "from a provider, and the example has none",
    "providers.start": "the example has no provider",
    "providers.link": "the example has no provider",
    "providers.unlink": "the example has no provider",
    "providers.sign_up": "the example has no provider",
    "providers.mine": "the example has no provider",
    "second_factor.creation_options": "asked for by a script",
    "second_factor.request_options": "asked for by a script",
    "polls.counting": "asked for by a page while ballots are counted",
}
#: Forms that stand on the answer to another form, so that no page can be asked whether it offers them. What they may do
#: the service decides by the poll's roll.
BEHIND_A_FORM = {"polls.basket", "polls.cast"}
#: Fields that nobody is asked for; sent along, they must change nothing.
ADDED = {
    "role": "administrator",
    "roles": "administrator",
    "is_admin": "1",
    "status": "approved",
    "state": "selected",
    "verified": "1",
    "verified_at": "2020-01-01T00:00:00",
    "visibility": "hidden",
    "permissions": "role:grant",
    "version": "999",
    "id": "1",
    "created_at": "2020-01-01T00:00:00",
    "is_recorded": "1",
    "second_factor_at": "2099-01-01T00:00:00",
    "assurance": "in_person",
    "residency_class": "address",
    "weight": "100",
    "_method": "DELETE",
}
ADDED_IDS = (
    "user_id",
    "person_id",
    "author_id",
    "actor_id",
    "voter_id",
    "granted_by_id",
    "confirmed_by_id",
    "owner_id",
)


def distinct(harvests: Harvests) -> list[Form]:
    """One form of each kind and region."""
    found: dict[Any, Form] = {}
    for harvest in harvests.values():
        for form in harvest.forms:
            region = form.address.split("/")[2] if form.address.startswith("/regions/") else ""
            found.setdefault((*form.key, region), form)
    return list(found.values())


def unsafe(harvests: Harvests) -> list[Form]:
    return [form for form in distinct(harvests) if form.method == "POST"]


def turned_away(answer: Try) -> bool:
    where = answer.response.headers.get("Location", answer.response.headers.get("HX-Redirect", ""))
    return answer.status == 403 or (answer.status == 303 and ("/account/sign-in" in where or where == "/"))


def problems_of(answer: Try) -> str:
    """What no answer may be: a failure, a trace, a page without its beginning."""
    text = answer.response.get_data(as_text=True) if answer.response.mimetype == "text/html" else ""
    if answer.status >= 500:
        return f"status {answer.status}"
    if "Traceback (most recent call last)" in text or "werkzeug" in text.lower() or "sqlalchemy" in text.lower():
        return "a trace"
    whole = text and "HX-Request" not in answer.response.request.headers
    return "no doctype" if whole and not text.lstrip().lower().startswith("<!doctype html>") else ""


def test_the_walk_sees_what_there_is(harvests: Harvests) -> None:
    """A walk that misses pages tries nothing on them."""
    seen = {endpoint for harvest in harvests.values() for endpoint in harvest.pages.values()}
    forms = {form.endpoint for harvest in harvests.values() for form in harvest.forms}
    missed = ACCESS.keys() - seen - forms - UNLINKED.keys()
    assert len(missed) <= len(ACCESS) // 4, f"neither page nor form was found: {sorted(missed)}"
    assert len(forms) >= 25


def test_no_link_leads_to_a_closed_door_or_into_the_void(harvests: Harvests) -> None:
    """But for the audit, which links to drafts that their own page shows to officers only."""
    dead = [line for harvest in harvests.values() for line in harvest.dead if "/audit:" not in line]
    assert not dead, "\n".join(dead)


@pytest.mark.parametrize("visitor", VISITORS)
def test_a_form_works_only_for_whom_it_is_shown(furnished: Site, harvests: Harvests, visitor: str) -> None:
    """Whoever is not admitted is turned away; whoever is not offered the form on its page changes nothing by it."""
    wrong = []
    offered = {(form.method, form.address.split("?")[0]) for form in harvests[visitor].forms}
    for form in unsafe(harvests):
        answer = furnished.ask(visitor, form.address, **sent(form, filled(form, furnished.tokens[visitor])))
        if problem := problems_of(answer):
            wrong.append(f"{form}: {problem}")
        if not is_admitted(ACCESS[form.endpoint], visitor):
            if not turned_away(answer) or answer.changes:
                wrong.append(f"{form}: {answer.status}, changed {sorted(answer.changes)}")
        elif form.endpoint in BEHIND_A_FORM:
            continue
        elif answer.changes and (form.method, form.address.split("?")[0]) not in offered:
            page = furnished.ask(visitor, form.page)
            if not _offers(page, form):
                wrong.append(f"{form}: not offered, yet it changed {sorted(answer.changes)}")
    assert not wrong, "\n".join(wrong)


def _offers(page: Try, form: Form) -> bool:
    address = form.address.split("?")[0]
    text = page.response.get_data(as_text=True)
    return page.status == 200 and (f'action="{address}' in text or (form.page == address and 'method="post"' in text))


@pytest.mark.parametrize("visitor", [name for name in VISITORS if name != "anonymous"])
def test_a_link_opens_only_for_whom_the_table_says(furnished: Site, harvests: Harvests, visitor: str) -> None:
    wrong, tried = [], set()
    for harvest in harvests.values():
        for address, endpoint in harvest.pages.items():
            if (endpoint, address.count("/")) in tried:
                continue
            tried.add((endpoint, address.count("/")))
            answer = furnished.ask(visitor, address)
            if problem := problems_of(answer):
                wrong.append(f"{address}: {problem}")
            if answer.changes:
                wrong.append(f"{address}: a GET changed {sorted(answer.changes)}")
            if not is_admitted(ACCESS[endpoint], visitor) and not turned_away(answer):
                wrong.append(f"{address}: {answer.status} for {visitor}")
    assert not wrong, "\n".join(wrong)


def test_without_its_token_no_form_changes_anything(furnished: Site, harvests: Harvests) -> None:
    """No token, another session's, a visitor's, or a broken one; as a form or by htmx."""
    wrong = []
    for form in unsafe(harvests):
        foreign = "neighbour" if form.visitor != "neighbour" else "resident"
        for token in ("", furnished.tokens[foreign], "x", f"{furnished.tokens[form.visitor]}x"):
            data = filled(form, token)
            for headers in ({}, {"HX-Request": "true", "X-CSRFToken": token}):
                answer = furnished.ask(form.visitor, form.address, headers=headers, **sent(form, data))
                if answer.status != 400 or answer.changes or problems_of(answer):
                    wrong.append(f"{form}: {answer.status} {problems_of(answer)} with the token {token!r:.12}")
    assert not wrong, "\n".join(wrong)


def test_a_form_sent_as_get_changes_nothing(furnished: Site, harvests: Harvests) -> None:
    wrong = []
    for form in unsafe(harvests):
        data, address = filled(form, furnished.tokens[form.visitor]), form.address.split("?")[0]
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = furnished.ask(form.visitor, address, method=method, query_string=data)
            if answer.changes or problems_of(answer) or answer.status not in {200, 303, 404, 405}:
                wrong.append(f"{method} {form}: {answer.status} {sorted(answer.changes)}")
        overriding = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST", "X-HTTP-Method": "POST"}
        answer = furnished.ask(form.visitor, address, query_string=data, headers=overriding)
        if answer.changes:
            wrong.append(f"{form}: the method was overridden")
    assert not wrong, "\n".join(wrong)


def test_a_page_sent_as_post_is_refused(furnished: Site, harvests: Harvests) -> None:
    wrong, tried = [], set()
    for visitor, harvest in harvests.items():
        for address, endpoint in harvest.pages.items():
            found, _ = furnished.endpoint_of(address, "POST")
            if found or endpoint in tried:
                continue
            tried.add(endpoint)
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                data = {"csrf_token": furnished.tokens[visitor]}
                answer = furnished.ask(visitor, address, method=method, data=data)
                if answer.status != 405 or answer.changes or problems_of(answer):
                    wrong.append(f"{method} {address}: {answer.status} {problems_of(answer)}")
    assert tried
    assert not wrong, "\n".join(wrong)


def test_fields_that_nobody_asked_for_change_nothing(furnished: Site, harvests: Harvests) -> None:
    """The same form with and without ``role=administrator`` and its kin leaves the same rows behind."""
    wrong, changed = [], 0
    known = set(furnished.people.values())
    for form in unsafe(harvests):
        names = {field.name for field in form.fields}
        added = {name: value for name, value in ADDED.items() if name not in names}
        added |= {name: str(furnished.people["administrator"]) for name in ADDED_IDS if name not in names}
        added |= {name: "1" for name in ("region_id", "poll_id", "round_id", "proposal_id") if name not in names}
        data = filled(form, furnished.tokens[form.visitor])
        plain = furnished.ask(form.visitor, form.address, **sent(form, data))
        query = "&" if "?" in form.address else "?"
        address = f"{form.address}{query}role=administrator&user_id=1&is_admin=1"
        more = furnished.ask(form.visitor, address, **sent(form, data | {name: [v] for name, v in added.items()}))
        changed += bool(plain.changes)
        one, other = likeness(plain.changes, known), likeness(more.changes, known)
        if more.status != plain.status or one != other:
            different = [set(one.get(name, [])) ^ set(other.get(name, [])) for name in one.keys() | other.keys()]
            wrong.append(f"{form}: {plain.status}, with more {more.status}: {[each for each in different if each]}")
    assert not wrong, "\n".join(wrong)
    assert changed >= 15, f"only {changed} forms changed anything at all: the comparison sees too little"


def test_the_comparison_of_rows_sees_a_difference(furnished: Site) -> None:
    """The same service with another role leaves other rows: what the test above would notice."""
    one = {"role_grants": [(None, (1, 2, "moderator"))]}
    other = {"role_grants": [(None, (1, 2, "administrator"))]}
    assert likeness(one, set()) != likeness(other, set())
    assert any(access.audience is Audience.PERMITTED for access in ACCESS.values())
