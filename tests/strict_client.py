"""A test client that reads every page as a browser and a screen reader would, and complains."""

from collections import Counter
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from civicvote.db import db

_LABELLED = "input[not(@type='hidden') and not(@type='submit')] | select | textarea"


def examine(page: html.HtmlElement, *, address: str, fragment: bool = False) -> None:
    """Assert what must hold on every page (and, less the frame, on every fragment)."""
    _unique_ids(page, address)
    _labels(page, address)
    inline = page.xpath(
        "//script[not(@src)] | //style | //*[@style] | //*[@onclick or @onchange or @onsubmit or @onload]"
    )
    assert not inline, f"{address}: inline script or style: {[html.tostring(node)[:120] for node in inline]}"
    for node in page.xpath("//*"):
        assert not any(name.startswith("hx-on") for name in node.attrib), f"{address}: hx-on"
    if fragment:
        return
    assert page.get("lang") in {"ko", "en"}, f"{address}: no lang"
    title = page.xpath("string(//title)").strip()
    assert title, f"{address}: no title"
    headings = page.xpath("//h1")
    assert len(headings) == 1, f"{address}: {len(headings)} h1"
    assert page.xpath("//main[@id='main']"), f"{address}: no main landmark"
    for image in page.xpath("//img[not(@alt)]"):
        raise AssertionError(f"{address}: image without alt {image.get('src')}")


def _unique_ids(page: html.HtmlElement, address: str) -> None:
    repeated = [name for name, count in Counter(page.xpath("//@id")).items() if count > 1]
    assert not repeated, f"{address}: repeated ids {repeated}"
    known = set(page.xpath("//@id"))
    for attribute in ("aria-describedby", "aria-labelledby", "aria-controls"):
        for value in page.xpath(f"//@{attribute}"):
            missing = [name for name in value.split() if name not in known]
            assert not missing, f"{address}: {attribute} names no element: {missing}"


def _labels(page: html.HtmlElement, address: str) -> None:
    targets = set(page.xpath("//label/@for"))
    for control in page.xpath("//" + _LABELLED.replace(" | ", " | //")):
        named = (
            control.get("aria-label")
            or control.get("aria-labelledby")
            or control.get("id") in targets
            or control.xpath("ancestor::label")
        )
        assert named, f"{address}: a control without a label: {html.tostring(control)[:160]!r}"


class StrictClient(FlaskClient):
    """``get`` and ``post`` examine HTML answers; ``submit`` fills a form of the last page as a person would."""

    page: html.HtmlElement
    address: str = "/"

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # The test's own context would otherwise serve all requests: one language, one person, one CSRF token for all.
        if has_app_context():
            db.session.commit()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        is_page = response.status_code < 300 or 400 <= response.status_code < 500
        if response.mimetype == "text/html" and response.data and is_page:
            text = response.get_data(as_text=True)
            fragment = "<html" not in text[:200].lower()
            page = html.fragment_fromstring(text, create_parent="div") if fragment else html.document_fromstring(text)
            examine(page, address=response.request.path, fragment=fragment)
            assert "Content-Security-Policy" in response.headers
            if not fragment:
                self.page = page
                self.address = response.request.full_path.rstrip("?")
                if response.request.environ.get("SCRIPT_NAME"):
                    self.address = response.request.environ["SCRIPT_NAME"] + self.address.removeprefix(
                        response.request.environ["SCRIPT_NAME"]
                    )
        return response

    def resolve_redirect(self, response: TestResponse, buffered: bool = False) -> TestResponse:
        """A 307 asks for the same body once more; the one that was sent has been read to its end."""
        if response.status_code == 307:
            response.request.environ["wsgi.input"].seek(0)
        return super().resolve_redirect(response, buffered)

    def form(self, action: str | None = None, *, button: str | None = None) -> html.FormElement:
        """The form of the last page whose action ends with ``action``, or that holds a button with this text."""
        for form in self.page.xpath("//form"):
            texts = [" ".join(node.text_content().split()) for node in form.xpath(".//button")]
            if action is not None and not (form.get("action") or self.address).split("?")[0].endswith(action):
                continue
            if button is not None and button not in texts:
                continue
            if action is None and button is None:
                raise ValueError("say which form")
            return form
        raise AssertionError(f"no form action={action!r} button={button!r} on {self.address}")

    def submit(
        self,
        values: dict[str, Any] | None = None,
        *,
        action: str | None = None,
        button: str | None = None,
        follow: bool = True,
        htmx: bool = False,
    ) -> TestResponse:
        """Send a form of the last page with its own hidden values, CSRF token included, and ``values`` typed in."""
        form = self.form(action, button=button)
        data: dict[str, Any] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        for name, value in (values or {}).items():
            data[name] = value if isinstance(value, list) else [value]
        if button is not None:
            pressed = next(node for node in form.xpath(".//button") if " ".join(node.text_content().split()) == button)
            if pressed.get("name"):
                data[pressed.get("name")] = [pressed.get("value", "")]
        address = form.get("action") or self.address
        headers = {"Referer": f"http://localhost{self.address}"} | ({"HX-Request": "true"} if htmx else {})
        if (form.get("method") or "get").lower() == "get":
            return self.get(address, query_string=data, headers=headers, follow_redirects=follow)
        return self.post(address, data=data, headers=headers, follow_redirects=follow)

    def text(self) -> str:
        """What the last page says inside its main part, on one line."""
        return " ".join(self.page.xpath("//main")[0].text_content().split())
