"""What the outcome page says of an option is what the rule did: places, rivals, and how many chose it."""

import pytest

from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.kernel import ids
from tests.factories.outcomes import Cast, publish_with
from tests.factories.places import make_region
from tests.factories.polls import freeze, make_agenda_draft

BALLOTS = [Cast(("lamp", "tree"), 6), Cast(("lamp",), 5), Cast(("bench",), 2), Cast((), 4)]


@pytest.fixture
def outcome(session, client, key_folder):
    def reasons_of(threshold: int) -> dict[str, str]:
        """Label → what is said about it."""
        region = make_region()
        counting = CountingChoice(incompatible=(("lamp", "tree"),))
        poll = freeze(make_agenda_draft(region, threshold=threshold, counting=counting), region, key_folder)
        publish_with(poll, BALLOTS)
        client.get(f"/regions/{region.slug}/polls/{ids.encode(poll.id)}/outcome")
        rows = client.page.xpath("//li[p[@class='row__title']]")
        return {
            row.xpath("string(p[@class='row__title'])").split(". ")[-1]: row.xpath("string(p[3])").strip()
            for row in rows
        }

    return reasons_of


def test_a_winner_after_a_rival_that_was_passed_over_has_the_second_place_and_not_the_third(outcome):
    assert outcome(1)["쉬어 가는 의자"] == "선정 2자리 가운데 2위입니다."


def test_a_rival_on_an_agenda_ballot_is_a_proposal(outcome):
    assert outcome(1)["가로수 그늘"] == "함께 선정될 수 없는 제안이 먼저 선정되었습니다."


def test_what_nobody_or_too_few_chose_is_told_so_and_does_not_win(outcome):
    reasons = outcome(3)
    assert reasons["경사로"] == "고른 사람이 없습니다."
    assert "3명 이상" in reasons["쉬어 가는 의자"]
