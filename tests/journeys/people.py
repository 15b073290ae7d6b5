"""The people of a journey: each at a browser of their own, doing only what pages offer."""

from collections.abc import Callable
from datetime import datetime

from werkzeug.test import TestResponse

from civicvote.domain.accounts.second_factor import accepted_step, unused_code
from civicvote.kernel import clock
from civicvote.kernel.clock import CIVIC_ZONE
from tests.factories.mail import link_in_last_mail
from tests.strict_client import StrictClient

PASSWORD = "세 마리 고래가 노래한다"


def typed(moment: datetime) -> str:
    """A moment as a field for day and time wants it, on the residents' clock."""
    return moment.astimezone(CIVIC_ZONE).strftime("%Y-%m-%dT%H:%M")


class Walker:
    """A person without JavaScript. ``email`` is how clerks and administrators know them."""

    def __init__(self, browser: StrictClient, name: str) -> None:
        self.browser, self.name = browser, name
        self.email = f"{abs(hash(name))}@example.org"
        self._has_account = False
        self._secret, self._last_step = "", 0

    def sign_up(self) -> "Walker":
        self.browser.get("/account/sign-up")
        response = self.browser.submit(
            {"display_name": self.name, "email": self.email, "password": PASSWORD, "agrees": "y"}, action="/sign-up"
        )
        assert response.status_code == 200, self.browser.text()
        self.go(link_in_last_mail(self.browser.application, self.email))
        self.browser.submit(button="이 계정으로 시작하기")
        assert self._is_signed_in()
        self._has_account = True
        return self

    def _is_signed_in(self) -> bool:
        return self.name in self.browser.page.xpath("//header")[0].text_content()

    def sign_in(self) -> "Walker":
        self.browser.get("/account/sign-in")
        self.browser.submit({"email": self.email, "password": PASSWORD}, action="/sign-in")
        assert self._is_signed_in()
        return self

    def go(self, path: str) -> "Walker":
        response = self.browser.get(path, follow_redirects=True)
        if self._has_account and not self._is_signed_in():  # a month has passed
            self.sign_in()
            response = self.browser.get(path, follow_redirects=True)
        if "/account/second-factor" in self.browser.address and "/account/second-factor" not in path:
            response = self._show_second_factor()
        assert response.status_code == 200, f"{path}: {response.status_code} {self.browser.text()[:300]}"
        return self

    def _show_second_factor(self) -> TestResponse:
        """On the page that asks: a code of the app, which is set up where there is none; then what was asked for."""
        if not self._secret:
            return self._set_up_app()
        return self.browser.submit({"second_factor_code": self._code()}, action="/second-factor/confirm")

    def _set_up_app(self) -> TestResponse:
        self.browser.submit(action="/authenticator/new")
        self._secret = "".join(self.browser.page.xpath("string(//p[@class='secret'])").split())
        self.browser.submit({"code": self._code()}, action="/authenticator")
        return self.browser.get(self.browser.page.xpath("//main//a[contains(., '계속하기')]/@href")[0])

    def _code(self) -> str:
        """What the app shows. Time stands still in a journey, so the next code may be needed already."""
        code = unused_code(self._secret, now=clock.now(), last_step=self._last_step)
        assert code is not None
        self._last_step = accepted_step(self._secret, code, now=clock.now(), last_step=self._last_step)
        return code

    def _submit(self, values: dict[str, object] | None, *, to: str | None, button: str | None = None) -> TestResponse:
        """Send a form, and show the second factor where that is asked for."""
        response = self.browser.submit(values, action=to, button=button)
        if response.status_code == 403 and self.browser.page.xpath(
            "//form[contains(@action, '/second-factor/confirm')]"
        ):
            response = self._show_second_factor()
        if "/account/second-factor?" in self.browser.address and not self._secret:  # the first act of a role
            self._set_up_app()
            response = self.browser.submit(values, action=to, button=button)
        return response

    def follow(self, *, to: str) -> "Walker":
        """Follow the first link in the main part whose address ends with ``to``."""
        links = [
            link.get("href")
            for link in self.browser.page.xpath("//main//a[@href]")
            if link.get("href").split("?")[0].split("#")[0].endswith(to)
        ]
        assert links, f"{self.name} finds no way to {to} on {self.browser.address}: {self.links()}"
        return self.go(links[0])

    def follow_text(self, text: str) -> "Walker":
        links = self.browser.page.xpath("//main//a[contains(., $text)]/@href", text=text)
        assert links, f"{self.name} finds no link {text!r} on {self.browser.address}: {self.links()}"
        return self.go(links[0])

    def links(self) -> list[str]:
        return [
            f"{' '.join(link.text_content().split())} → {link.get('href')}"
            for link in self.browser.page.xpath("//main//a[@href]")
        ]

    def send(self, values: dict[str, object] | None = None, *, to: str | None = None, button: str | None = None) -> str:
        """Fill the form that goes to ``to`` and send it; what the page after it says."""
        response = self._submit(values, to=to, button=button)
        assert response.status_code == 200, f"{self.name}: {response.status_code} {self.browser.text()[:600]}"
        return self.browser.text()

    def refused(self, values: dict[str, object], *, to: str, status: int = 422) -> str:
        response = self._submit(values, to=to)
        assert response.status_code == status, f"{response.status_code} {self.browser.text()[:300]}"
        return self.browser.text()

    def reads(self, *texts: str) -> None:
        page = self.browser.text()
        for text in texts:
            assert text in page, f"{self.name} does not read {text!r} on {self.browser.address}: {page[:1500]}"


Arrive = Callable[[str], Walker]
