"""What is added after the shares: by score, as greedy does it, without another look at the ballots."""

from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.tally import greedy
from civicvote.domain.tally.eligibility import eligibility
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.shares_completion import complete
from civicvote.kernel.voting import Completion
from tests.unit.tally.profiles import money_parameters, money_profiles


@given(st.data())
def test_where_nothing_was_bought_the_completion_is_greedy_itself(data):
    profile = data.draw(money_profiles())
    given_parameters = data.draw(money_parameters(profile))
    options = eligibility(profile, given_parameters).options

    verdicts, ties = complete(profile, given_parameters, options, [])

    if given_parameters.completion in (Completion.ADD1U, Completion.GREEDY):
        by_greedy = greedy.count(profile, given_parameters)
        assert tuple(verdicts) == by_greedy.verdicts[: len(options)]
        assert ties == by_greedy.ties


def test_once_the_scores_are_known_no_ballot_is_looked_at():
    options = [Option(name, 3) for name in "abc"]
    profile = Profile.of_ballots(options, [{"a": 1}, {"b": 1}, {"c": 1, "b": 1}], budget=7)
    asked = CountingParameters(completion=Completion.GREEDY)
    able = eligibility(profile, asked).options
    assert profile.scores["b"] == 2
    object.__setattr__(profile, "ballots", None)

    verdicts, _ = complete(profile, asked, able, [options[0]])

    assert [verdict.option_id for verdict in verdicts] == ["a", "b", "c"]
