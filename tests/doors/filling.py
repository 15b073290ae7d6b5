"""Fills forms: as a well-meaning person would, or with one text everywhere."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from tests.doors.crawler import Field, Form, Harvest, read_page
from tests.doors.site import Site

Data = dict[str, list[str]]

_BY_NAME = {
    "amount": "1,000",
    "envelope": "100,000,000",
    "cost": "1,000,000",
    "email": "person@example.org",
    "password": "a long and quiet sentence",
    "display_name": "새 이름",
    "year": "2031",
    "max_choices": "2",
    "seats": "1",
    "field_names": "safety = 안전 = Safety",
}
_BY_KIND = {
    "number": "1",
    "date": "2027-01-04",
    "time": "09:00",
    "datetime-local": "2027-01-04T09:00",
    "email": "person@example.org",
    "textarea": "밤에 돌아오는 길이 어둡습니다. 가로등을 더 세우면 안심하고 다닐 수 있습니다. 아이들도 좋아합니다.",
}


def _value(field: Field, press: str | None) -> list[str]:
    if field.kind == "button":
        return [press] if press is not None else [field.value]
    if field.kind in {"radio", "checkbox"}:
        return [field.value or field.choices[0]]
    if field.kind == "select":
        return [field.value or next((choice for choice in field.choices if choice), "")]
    if field.value or field.kind in {"hidden", "file"}:
        return [field.value] if field.kind != "file" else []
    return [_BY_NAME.get(field.name) or _BY_KIND.get(field.kind, "시험 글")]


def filled(form: Form, token: str, *, instead: Mapping[str, str] | None = None, press: str | None = None) -> Data:
    """What a person sends who fills everything in; ``instead`` replaces fields by name."""
    data = {field.name: _value(field, press) for field in form.fields}
    if form.method == "POST":
        data["csrf_token"] = [token]
    for name, text in (instead or {}).items():
        data[name] = [text]
    return {name: values for name, values in data.items() if values}


def sent(form: Form, data: Any) -> dict[str, Any]:
    """The keyword arguments of a request that sends ``data`` as this form would."""
    if form.is_upload:
        short = {name: [_whole(value)[:20_000] for value in values] for name, values in data.items()}
        return {"method": "POST", "data": short, "content_type": "multipart/form-data"}
    body = urlencode(data, doseq=True, errors="surrogatepass")  # broken text too, as only a program would send it
    if form.method == "GET":
        return {"method": "GET", "query_string": body}
    return {"method": "POST", "data": body, "content_type": "application/x-www-form-urlencoded"}


def _whole(text: str) -> str:
    """Multipart bodies are made by a library that refuses halves of characters; a replacement arrives instead."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def look_behind(site: Site, found: Harvest, visitor: str, tried: set[Any]) -> None:
    """Forms that stand on the answer to a form: a ballot to be looked over, a page that asks once more.

    Forms in ``tried`` were sent by an earlier visitor."""
    for form in [form for form in found.forms if form.method == "POST"]:
        if form.key in tried or form.endpoint == "accounts.sign_out":
            continue
        tried.add(form.key)
        with site.undone():
            browser = site.browser(visitor)
            response = browser.open(form.address, **sent(form, filled(form, site.tokens[visitor])))
            if response.status_code == 303 and response.headers["Location"].startswith("/"):
                response = browser.get(response.headers["Location"])
                found.pages.setdefault(response.request.path, site.endpoint_of(response.request.path)[0] or "")
            if response.status_code == 200 and response.mimetype == "text/html" and hasattr(browser, "page"):
                read_page(site, found, browser.page, browser.address, visitor)
