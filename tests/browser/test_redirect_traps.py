"""The judge of the redirect tests is the browser's own judgement."""

from playwright.sync_api import Browser

from tests.doors.resolver import host_after
from tests.doors.traps import HARMLESS, TRAPS

_WHERE = """
targets => targets.map(target => {
  try {
    const there = new URL(target, "http://localhost/account/sign-in");
    return there.host ? there.hostname : there.protocol;
  } catch { return "nowhere"; }
})
"""


def test_the_resolver_of_the_redirect_tests_agrees_with_chromium(browser: Browser) -> None:
    page = browser.new_page()
    addresses = TRAPS + HARMLESS
    by_browser = page.evaluate(_WHERE, addresses)
    page.close()
    wrong = [
        f"{address[:60]!r}: Chromium {theirs}, ours {host_after(address)}"
        for address, theirs in zip(addresses, by_browser, strict=True)
        if (theirs == "localhost") != (host_after(address) == "localhost")
    ]
    assert not wrong, "\n".join(wrong)
    assert sum(theirs != "localhost" for theirs in by_browser) >= 30, "the traps are traps"
