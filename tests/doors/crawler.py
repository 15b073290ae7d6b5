"""Walks the site as a visitor does, from the home page by its links, and collects every form and link on the way."""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import html

from tests.doors.hostile import assert_inert
from tests.doors.site import REGIONS, Site

#: How many addresses of one endpoint and region are visited: a list's rows lead to pages of one kind. The first region
#: has drafts and things of a resident's own beside the example's.
_SAMPLES = {REGIONS[0]: 2, "": 2}
_PRESSED = {"submit", "image", "button", "reset"}


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    value: str = ""
    choices: tuple[str, ...] = ()
    is_checked: bool = False

    @property
    def is_text(self) -> bool:
        return self.kind in {"text", "textarea", "search", "email", "password", "tel", "url", "number"} or (
            self.kind in {"date", "datetime-local", "time"}
        )


@dataclass(frozen=True)
class Form:
    """A form (or a link, which is a form without fields) as a visitor found it."""

    endpoint: str
    method: str
    address: str
    fields: tuple[Field, ...]
    page: str
    visitor: str

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        return self.endpoint, self.method, tuple(sorted({each.name for each in self.fields}))

    @property
    def is_upload(self) -> bool:
        return any(each.kind == "file" for each in self.fields)

    def __str__(self) -> str:
        return f"{self.method} {self.address} ({self.endpoint}, found by {self.visitor} on {self.page})"


@dataclass
class Harvest:
    pages: dict[str, str] = field(default_factory=dict)
    #: Links that lead to no page, with the page that has them.
    dead: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)

    def offered(self, page: str) -> set[tuple[str, str]]:
        return {(form.method, form.address.split("?")[0]) for form in self.forms if form.page == page}


def fields_of(form: html.HtmlElement) -> tuple[Field, ...]:
    found: dict[str, Field] = {}
    for control in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name] | .//button[@name]"):
        name, kind = control.get("name"), control.tag
        if control.tag == "input":
            kind = control.get("type", "text").lower()
        if kind in {"radio", "checkbox"}:
            before = found.get(name)
            choices = (*(before.choices if before else ()), control.get("value", "on"))
            checked = control.get("checked") is not None
            value = control.get("value", "on") if checked else (before.value if before else "")
            found[name] = Field(name, kind, value, choices, checked or bool(before and before.is_checked))
        elif control.tag == "select":
            choices = tuple(option.get("value", option.text or "") for option in control.xpath(".//option"))
            chosen = control.xpath(".//option[@selected]")
            value = chosen[0].get("value", chosen[0].text or "") if chosen else (choices[0] if choices else "")
            found[name] = Field(name, "select", value, choices)
        elif control.tag == "textarea":
            found[name] = Field(name, "textarea", control.text or "")
        elif control.tag == "button" or kind in _PRESSED:
            found.setdefault(name, Field(name, "button", control.get("value", ""), (control.get("value", ""),)))
        else:
            found[name] = Field(name, kind, control.get("value", ""))
    return tuple(found.values())


def _leads(address: str, base: str) -> str | None:
    """The path of the site that a link leads to, None for others."""
    parts = urlsplit(urljoin(f"http://localhost{base}", address))
    if parts.scheme not in {"http", "https"} or parts.netloc != "localhost":
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def harvest(site: Site, visitor: str) -> Harvest:
    """Everything that the visitor finds. What acts on a page is an error at once."""
    found, seen = Harvest(), Counter[Any]()
    waiting, known, come_from = deque(["/"]), {"/"}, dict[str, str]()
    with site.undone():
        browser = site.browser(visitor)
        while waiting:
            address = waiting.popleft()
            endpoint, arguments = site.endpoint_of(address)
            region = arguments.get("slug", "")
            names = tuple(sorted(name for name, _ in parse_qsl(urlsplit(address).query)))
            if endpoint is None or (region and region not in REGIONS):
                continue
            seen[endpoint, region, names] += 1
            if seen[endpoint, region, names] > _SAMPLES.get(region, 1) or endpoint == "assets.file":
                continue
            response = browser.get(address)
            if response.status_code not in {200, 303}:
                found.dead.append(f"{visitor} on {come_from.get(address, '/')}: {address} {response.status_code}")
                onward = []
            elif response.status_code == 303:
                onward = [response.headers["Location"]]
            elif response.mimetype != "text/html":
                found.pages[address] = endpoint
                onward = []
            else:
                found.pages[address] = endpoint
                onward = read_page(site, found, browser.page, address, visitor)
            for link in onward:
                path = _leads(link, address)
                if path and path not in known and not path.startswith("/en"):
                    known.add(path)
                    come_from[path] = address
                    waiting.append(path)
    return found


def read_page(site: Site, found: Harvest, page: html.HtmlElement, address: str, visitor: str) -> list[str]:
    assert_inert(page, address)
    for form in page.xpath("//form"):
        target = _leads(form.get("action") or address, address)
        assert target, f"{address}: a form leads away: {form.get('action')}"
        method = form.get("method", "get").upper()
        if method == "DIALOG":
            continue  # it shuts a window of the page and sends nothing
        endpoint, _ = site.endpoint_of(target, method)
        assert endpoint, f"{address}: a form leads nowhere: {method} {target}"
        if method == "POST":
            assert form.xpath(".//input[@name='csrf_token']"), f"{address}: a form without token: {target}"
        found.forms.append(Form(endpoint, method, target, fields_of(form), address, visitor))
    for control in page.xpath("//*[@hx-post]"):
        target = _leads(control.get("hx-post"), address)
        endpoint, _ = site.endpoint_of(target or "", "POST")
        assert target is not None, f"{address}: htmx would post away: {control.get('hx-post')}"
        assert endpoint is not None, f"{address}: htmx would post nowhere: {target}"
        form = control if control.tag == "form" else (control.xpath("ancestor::form") or [control])[0]
        found.forms.append(Form(endpoint, "POST", target, fields_of(form), address, visitor))
    return [*page.xpath("//a/@href"), *page.xpath("//@hx-get"), *page.xpath("//main//img/@src")]
