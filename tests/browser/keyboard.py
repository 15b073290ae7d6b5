"""A person who has no pointer: the tabulator key, the enter key, letters."""

from tests.browser.conftest import Visitor


def tab_to(person: Visitor, selector: str) -> None:
    """With the tabulator key alone, from wherever the focus is."""
    for _ in range(200):
        person.page.keyboard.press("Tab")
        if person.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard never gets to {selector}")


def press_enter_on(person: Visitor, selector: str) -> None:
    """Get there, press it, and wait for what follows."""
    tab_to(person, selector)
    person.page.keyboard.press("Enter")
    person.settle()
