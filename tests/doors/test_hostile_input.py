"""Hostile text in every field, wrong ids, bodies that are none: a clear answer each time, and nothing of it acts."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.routing import BuildError

from tests.architecture.doors import rules
from tests.doors.crawler import Form, Harvest
from tests.doors.filling import filled, sent
from tests.doors.hostile import TEXTS, WRONG_IDS, acting_parts
from tests.doors.site import Site, Try
from tests.doors.test_crawl import distinct, problems_of, unsafe

Harvests = dict[str, Harvest]

#: What an answer to nonsense may be: shown, sent on, refused; never a failure.
ANSWERS = {200, 204, 303, 400, 403, 404, 405, 409, 410, 413, 414, 415, 422, 429}


#: After these, the pages that show what became of the text are read too.
SHOWN = {"markup", "short markup", "templates and formats", "bidi", "combining", "paths"}


def wrong_with(answer: Try) -> str:
    if problem := problems_of(answer):
        return problem
    if answer.status not in ANSWERS:
        return f"status {answer.status}"
    cookies = answer.response.headers.getlist("Set-Cookie")
    return "a header of the sender's" if any(cookie.startswith("evil") for cookie in cookies) else ""


def one_a_kind(harvests: Harvests) -> list[Form]:
    """One form a kind, whatever its region."""
    found: dict[Any, Form] = {}
    for form in distinct(harvests):
        found.setdefault(form.key, form)
    return list(found.values())


def _submit(site: Site, form: Form, values: dict[str, str], *, look: bool = True) -> str:
    """Send the form; what is wrong with the answer or with the pages that show what became of the text."""
    address = form.address.split("?")[0] if form.method == "GET" else form.address
    with site.undone():
        browser = site.browser(form.visitor)
        answer = Try(browser.open(address, **sent(form, filled(form, site.tokens[form.visitor], instead=values))), {})
        problem = wrong_with(answer) or _acting(answer, address)
        if answer.status == 303 and not problem and look:
            for shown in {answer.response.headers["Location"], form.page, "/me"}:
                after = Try(browser.get(shown), {})
                problem = problem or wrong_with(after) or _acting(after, shown)
    return problem


def _acting(answer: Try, address: str) -> str:
    page = answer.page
    return "" if page is None else acting_parts(page, address)


@pytest.mark.parametrize("kind", TEXTS)
def test_hostile_text_in_every_field_is_stored_inert_or_refused(furnished: Site, harvests: Harvests, kind: str) -> None:
    """All text fields at once, then each alone among sound ones, so that it gets past the checks of the others."""
    wrong = []
    for form in one_a_kind(harvests):
        texts = [field.name for field in form.fields if field.is_text]
        alone = [{name: TEXTS[kind]} for name in texts] if kind in {"markup", "nul"} else []
        for values in [dict.fromkeys(texts, TEXTS[kind]), *alone]:
            problem = _submit(furnished, form, values, look=kind in SHOWN) if values else ""
            wrong += [f"{form}: {problem} with {kind} in {sorted(values)}"] if problem else []
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kind", ["markup", "nul", "lone surrogate", "huge number", "sql", "header splitting", "empty"])
def test_hostile_text_in_place_of_a_choice_is_refused(furnished: Site, harvests: Harvests, kind: str) -> None:
    """Hidden fields, radios, selects, boxes and buttons carry what nobody can pick."""
    wrong = []
    for form in one_a_kind(harvests):
        for name in [field.name for field in form.fields if not field.is_text and field.name != "csrf_token"]:
            problem = _submit(furnished, form, {name: TEXTS[kind]}, look=kind in SHOWN)
            wrong += [f"{form}: {problem} with {kind} in {name}"] if problem else []
    assert not wrong, "\n".join(wrong)


def test_a_field_sent_twice_or_not_at_all_gets_an_answer(furnished: Site, harvests: Harvests) -> None:
    wrong = []
    for form in one_a_kind(harvests):
        whole = filled(form, furnished.tokens[form.visitor])
        tries = [{"csrf_token": whole.get("csrf_token", [])}]
        tries += [
            {name: value for name, value in whole.items() if name != left} for left in whole if left != "csrf_token"
        ]
        tries += [{**whole, name: [*value, "x", *value]} for name, value in whole.items() if name != "csrf_token"]
        for data in tries:
            address = form.address.split("?")[0] if form.method == "GET" else form.address
            answer = furnished.ask(form.visitor, address, **sent(form, data))
            if problem := wrong_with(answer):
                wrong.append(f"{form}: {problem} with {sorted(data)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("visitor", ["anonymous", "administrator"])
def test_ids_that_are_none_lead_nowhere(furnished: Site, visitor: str) -> None:
    wrong, tried = [], 0
    for rule in rules(furnished.app):
        if not rule.arguments or "GET" not in (rule.methods or set()):
            continue
        for bad in WRONG_IDS:
            known = rule.rule.replace("<slug>", "daegu") if len(rule.arguments) > 1 else rule.rule
            answer = furnished.ask(visitor, re.sub(r"<[^>]+>", bad, known))
            tried += 1
            if (problem := wrong_with(answer)) or answer.status == 200:
                wrong.append(f"{rule.rule} with {bad}: {problem or answer.status}")
    assert tried > 100
    assert not wrong, "\n".join(wrong)


#: Parameters that pages read from addresses.
QUERY = (
    "after",
    "before",
    "page",
    "q",
    "state",
    "field",
    "place",
    "kind",
    "reason",
    "next",
    "branch",
    "sort",
    "until",
    "from",
)


@pytest.mark.parametrize("kind", [kind for kind in TEXTS if kind != "very long"])
def test_hostile_text_in_an_address_is_shown_inert_or_refused(furnished: Site, harvests: Harvests, kind: str) -> None:
    wrong, seen = [], set()
    text = quote(TEXTS[kind][:2000], safe="", errors="surrogatepass")
    with furnished.undone():
        for visitor in ("administrator", "moderator", "anonymous"):
            browser = furnished.browser(visitor)
            for address, endpoint in harvests[visitor].pages.items():
                if (endpoint, visitor == "anonymous") in seen:
                    continue
                seen.add((endpoint, visitor == "anonymous"))
                query = "&".join(f"{name}={text}" for name in QUERY)
                response = browser.get(f"{address.split('?')[0]}?{query}")
                if (problem := wrong_with(Try(response, {}))) or (problem := _acting(Try(response, {}), address)):
                    wrong.append(f"{visitor} {address}: {problem}")
    assert not wrong, "\n".join(wrong)


_BOUNDARY = "multipart/form-data; boundary=x"
BODIES: dict[str, tuple[str, bytes]] = {
    "json": ("application/json", b'{"role": "administrator"}'),
    "broken json": ("application/json", b'{"role": '),
    "json of other types": (
        "application/json",
        b'{"title": 5, "email": [1], "body": {"a": 1}, "password": null, "amount": 1e400, "choices": true, "x": [[]]}',
    ),
    "json list": ("application/json", b'["title"]'),
    "text": ("text/plain", b"role=administrator"),
    "xml": ("application/xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
    "no type": ("", b"a=b"),
    "no such type": ("no such/type; ;;=\xff".encode("latin-1").decode("latin-1"), b"a=b"),
    "invalid utf-8": ("application/x-www-form-urlencoded", b"title=\xff\xfe%ff%c3%28&email=%80&body=%ED%A0%80"),
    "percent signs": ("application/x-www-form-urlencoded", b"title=%&body=%zz&=&&&==&a"),
    "many fields": ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(5000))),
    "multipart without end": (_BOUNDARY, b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nabc'),
    "multipart without name": (_BOUNDARY, b"--x\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--x--\r\n"),
    "multipart of nonsense": (_BOUNDARY, b"\x00\xff" * 500),
    "multipart without boundary": ("multipart/form-data", b"--x\r\n\r\n--x--"),
    "a file for a text": (
        _BOUNDARY,
        b'--x\r\nContent-Disposition: form-data; name="title"; filename="../../x.html"\r\n'
        b"Content-Type: text/html\r\n\r\n<script>1</script>\r\n--x--\r\n",
    ),
    "too much": ("application/x-www-form-urlencoded", b"title=" + b"a" * (2 * 1024 * 1024)),
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_that_is_none_is_refused(furnished: Site, harvests: Harvests, kind: str) -> None:
    """With a valid token in the header, so that it is the body that is judged."""
    content_type, body = BODIES[kind]
    wrong = []
    for form in {form.endpoint: form for form in unsafe(harvests)}.values():
        for htmx in ({}, {"HX-Request": "true"}):
            headers = {"X-CSRFToken": furnished.tokens[form.visitor], **htmx}
            answer = furnished.ask(
                form.visitor, form.address, method="POST", data=body, content_type=content_type, headers=headers
            )
            if problem := wrong_with(answer):
                wrong.append(f"{form}: {problem}")
    assert not wrong, "\n".join(wrong)


HEADERS: list[dict[str, str]] = [
    {"Transfer-Encoding": "chunked", "Content-Length": "5"},
    {"Transfer-Encoding": "chunked, identity"},
    {"Content-Length": "-1"},
    {"Content-Length": "x"},
    {"Content-Encoding": "gzip"},
    {"Accept-Encoding": "*;q=x, gzip;q=9999, \xff"},
    {"Accept-Language": "x" * 5000},
    {"Accept": "*/*;q=nan"},
    {"If-None-Match": '"x", W/"y'},
    {"If-Modified-Since": "99999999999999999999"},
    {"Range": "bytes=-1-,9999999999999999999-"},
    {"Cookie": "civicvote=a.b.c; civicvote=; =; ;;;"},
    {"Cookie": "civicvote=" + "a" * 8000},
    {"Host": "e.example:99999"},
    {"Host": "a b<script>"},
    {"Host": ""},
    {"X-Forwarded-For": "127.0.0.1, " * 200},
    {"X-Forwarded-Proto": "javascript"},
    {"X-Forwarded-Host": "e.example"},
    {"X-Forwarded-Prefix": "//e.example"},
    {"X-Original-URL": "/regions/daegu/desk/roles"},
    {"X-Rewrite-URL": "/regions/daegu/desk/roles"},
    {"X-Request-Id": "a\x1b[31m" * 100},
    {"X-Script-Name": "/x"},
    {"HX-Current-URL": "https://e.example/\\"},
    {"HX-Request": "true", "HX-Target": "<script>", "HX-Trigger": "'\">", "HX-Prompt": "x" * 1000},
    {"HX-Boosted": "true", "HX-History-Restore-Request": "maybe"},
    {"User-Agent": "<script>alert(1)</script>\xff"},
    {"Authorization": "Bearer x"},
    {"Upgrade": "websocket", "Connection": "Upgrade"},
    {"Expect": "100-continue"},
    {"Referer": "javascript:alert(1)"},
]


@pytest.mark.parametrize("headers", HEADERS, ids="+".join)
def test_odd_headers_get_an_ordinary_answer(furnished: Site, headers: dict[str, str]) -> None:
    for address in ("/", "/me", "/account/sign-in", "/regions/daegu/desk/roles", "/assets/x/y.css"):
        for method in ("GET", "POST"):
            answer = furnished.ask("anonymous", address, method=method, headers=headers)
            assert answer.status in ANSWERS | {301, 308, 416}, f"{method} {address}: {answer.status}"
            assert "e.example" not in answer.response.headers.get("Location", "")
            assert b"e.example" not in answer.response.data.replace(b"@e.example", b""), f"{method} {address}"


def test_no_rule_of_the_site_hides_behind_an_unbuildable_address(furnished: Site) -> None:
    """The wrong ids above reach every address with arguments; this holds that they can be reached at all."""
    with furnished.app.test_request_context():
        for rule in rules(furnished.app):
            try:
                furnished.app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, 1))
            except BuildError as error:
                raise AssertionError(f"{rule.rule}: {error}") from error
