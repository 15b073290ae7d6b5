"""axe-core over a page: every WCAG 2.2 A and AA rule, no exclusions."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
#: Of what passes nothing is told: to describe every element takes axe several times as long as to examine it.
_RUN = """async (tags) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  return found.violations;
}"""


@cache
def _axe() -> str:
    return next((Path(__file__).parent / "vendor").glob("axe-core-*/axe.min.js")).read_text()


def assert_accessible(page: Page) -> None:
    """Fail with what axe finds on the page as it stands."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(_axe())
    violations = [
        f"{violation['id']}: {violation['help']} — {[node['html'][:140] for node in violation['nodes'][:3]]}"
        for violation in page.evaluate(_RUN, _TAGS)
    ]
    assert not violations, f"{page.url}\n" + "\n".join(violations)
