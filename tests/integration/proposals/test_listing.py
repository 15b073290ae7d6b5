"""The list of a round: what each filter leaves, the numbers beside the options, orders by chance and by fit."""

from collections import Counter
from itertools import product
from typing import Any

import pytest
from sqlalchemy.orm import Session

from civicvote.domain.proposals.listing import DAYS, LISTED_STATES, Period, ProposalFilter, ProposalSort, first_id_of
from civicvote.domain.proposals.models import Proposal
from civicvote.domain.proposals.queries_facets import count_facets, points_of
from civicvote.domain.proposals.queries_list import ProposalRow, count_proposals, list_proposals
from civicvote.domain.proposals.states import ProposalState
from civicvote.domain.regions.queries_districts import filter_districts
from civicvote.domain.rounds.models import Round
from civicvote.kernel import clock
from civicvote.kernel.clock import CIVIC_ZONE
from civicvote.kernel.lots import PRIME
from civicvote.kernel.visibility import Visibility
from tests.factories.people import make_person
from tests.factories.placed import make_gwangju, make_scattered
from tests.factories.places import make_region, make_round

FILTERS = [
    ProposalFilter(field_key=field, state=state, prefixes=prefixes, dong=dong, has_point=has_point, period=period)
    for field, state, (prefixes, dong), has_point, period in product(
        ("", "safety"),
        (None, ProposalState.ON_BALLOT),
        (((), ""), (("29110",), ""), (("29110",), "2911068500"), (("29170", "29200"), "")),
        (False, True),
        (None, Period.WEEK, Period.QUARTER),
    )
]


@pytest.fixture
def round_(session: Session) -> Round:
    return make_round(make_gwangju())


@pytest.fixture
def scattered(round_: Round) -> list[Proposal]:
    return make_scattered(round_, make_person(), 120)


def _stands(proposal: Proposal, wanted: ProposalFilter) -> bool:
    """The same rules, written down once more without a database."""
    today = clock.today()
    age = (today - proposal.submitted_at.astimezone(CIVIC_ZONE).date()).days
    return (
        proposal.visibility is Visibility.VISIBLE
        and proposal.state is not ProposalState.MERGED
        and wanted.field_key in {"", proposal.field_key}
        and wanted.state in {None, proposal.state}
        and (not wanted.prefixes or (proposal.district_code or "")[:5] in wanted.prefixes)
        and wanted.dong in {"", proposal.district_code}
        and (not wanted.has_point or proposal.latitude_e6 is not None)
        and (wanted.period is None or age < DAYS[wanted.period])
    )


def _all_rows(round_: Round, **asked: Any) -> list[ProposalRow]:
    rows, cursor = [], None
    while True:
        page = list_proposals(round_.region_id, round_.id, cursor=cursor, size=7, **asked)
        rows += page.items
        cursor = page.next_cursor
        if cursor is None:
            return rows


@pytest.mark.parametrize("chance", [1, 2])
def test_list_count_points_and_facets_are_what_a_count_by_hand_finds(round_: Round, chance: int) -> None:
    scattered = make_scattered(round_, make_person(), 120, seed=chance)
    for wanted in FILTERS:
        _agrees_with_a_count_by_hand(round_, scattered, wanted)


def _agrees_with_a_count_by_hand(round_: Round, scattered: list[Proposal], wanted: ProposalFilter) -> None:
    standing = {each.id for each in scattered if _stands(each, wanted)}
    asked = (round_.region_id, round_.id, wanted)
    assert {row.id for row in _all_rows(round_, wanted=wanted)} == standing
    assert count_proposals(*asked).total == len(standing)
    assert {each.id for each in points_of(*asked)} == {
        each.id for each in scattered if each.id in standing and each.latitude_e6 is not None
    }

    def by_hand(option: Any, **without: Any) -> Counter[Any]:
        loosened = ProposalFilter(**{name: getattr(wanted, name) for name in wanted.__slots__} | without)
        return Counter(option(each) for each in scattered if _stands(each, loosened))

    facets = count_facets(*asked)
    assert facets.fields == by_hand(lambda each: each.field_key, field_key="")
    assert facets.states == by_hand(lambda each: each.state, state=None)
    assert facets.prefixes == by_hand(lambda each: (each.district_code or "")[:5], prefixes=(), dong="")
    assert facets.with_point == by_hand(lambda each: each.latitude_e6 is not None, has_point=False)[True]
    if wanted.prefixes:
        assert facets.dongs == by_hand(lambda each: each.district_code, dong="")
    for period in Period:
        assert facets.periods[period] == sum(by_hand(lambda _each: 1, period=period).values())


def test_facets_of_words_count_only_what_the_words_found(round_: Round, scattered: list[Proposal]) -> None:
    among = [each.id for each in scattered[:30]]
    standing = [each for each in scattered[:30] if _stands(each, ProposalFilter())]
    facets = count_facets(round_.region_id, round_.id, ProposalFilter(), among=among)
    assert facets.fields == Counter(each.field_key for each in standing)
    assert count_proposals(round_.region_id, round_.id, among=[]).total == 0


def test_ids_follow_time_so_that_a_period_is_a_range_of_them(scattered: list[Proposal]) -> None:
    for period, proposal in product(Period, scattered):
        age = (clock.today() - proposal.submitted_at.astimezone(CIVIC_ZONE).date()).days
        assert (proposal.id >= first_id_of(period)) == (age < DAYS[period])


@pytest.mark.parametrize("seed", [1, 2, 987_654_321, PRIME - 1])
def test_a_shuffled_order_shows_every_proposal_once_and_is_the_same_again(
    round_: Round, scattered: list[Proposal], seed: int
) -> None:
    rows = [row.id for row in _all_rows(round_, sort=ProposalSort.RANDOM, seed=seed)]
    assert len(rows) == len(set(rows))
    assert set(rows) == {each.id for each in scattered if _stands(each, ProposalFilter())}
    assert rows == [row.id for row in _all_rows(round_, sort=ProposalSort.RANDOM, seed=seed)]
    lots = {each.id: each.lot for each in scattered}
    assert rows == sorted(rows, key=lambda each: (lots[each] * seed % PRIME, each))


def test_another_seed_is_another_order(round_: Round, scattered: list[Proposal]) -> None:
    orders = {
        tuple(row.id for row in _all_rows(round_, sort=ProposalSort.RANDOM, seed=seed))
        for seed in (1, 3, 1_000_003, 123_456_789)
    }
    assert len(orders) == 4


def test_who_posts_while_somebody_reads_moves_nothing_in_a_shuffled_order(
    round_: Round, scattered: list[Proposal]
) -> None:
    before = [row.id for row in _all_rows(round_, sort=ProposalSort.RANDOM, seed=77)]
    make_scattered(round_, make_person(), 20, seed=2)
    after = [row.id for row in _all_rows(round_, sort=ProposalSort.RANDOM, seed=77)]
    assert [each for each in after if each in set(before)] == before


def test_best_first_keeps_the_given_order_under_filters_and_over_pages(
    round_: Round, scattered: list[Proposal]
) -> None:
    among = [each.id for each in sorted(scattered, key=lambda each: each.title)]
    wanted = ProposalFilter(field_key="safety")
    rows = [row.id for row in _all_rows(round_, sort=ProposalSort.BEST, among=among, wanted=wanted)]
    standing = {each.id for each in scattered if _stands(each, wanted)}
    assert rows == [each for each in among if each in standing]
    newest = [row.id for row in _all_rows(round_, sort=ProposalSort.NEWEST, among=among[:50])]
    assert newest == sorted((each for each in newest), reverse=True)
    assert set(newest) <= set(among[:50])


def test_merged_proposals_are_listed_nowhere(round_: Round, scattered: list[Proposal]) -> None:
    merged = {each.id for each in scattered if each.state is ProposalState.MERGED}
    assert merged
    for sort in (ProposalSort.NEWEST, ProposalSort.ENDORSED, ProposalSort.DISCUSSED, ProposalSort.RANDOM):
        assert not merged & {row.id for row in _all_rows(round_, sort=sort)}
    assert ProposalState.MERGED not in LISTED_STATES


def test_a_row_names_its_dong_or_its_city(round_: Round, scattered: list[Proposal]) -> None:
    names = {"2911068500": "학동", "2911054500": "동명동", "2917062000": "우산동", "2920000000": "광산구", None: None}
    codes = {each.id: each.district_code for each in scattered}
    for row in _all_rows(round_):
        assert row.district == names[codes[row.id]]


def test_a_list_can_be_narrowed_to_a_divided_city_as_one(session: Session) -> None:
    make_gwangju()
    cities, dongs = filter_districts("4300000000", clock.today(), city="4311000000")
    cheongju = next(city for city in cities if city.code == "4311000000")
    assert cheongju.name_ko == "청주시"
    assert set(cheongju.prefixes) == {"43110", "43111", "43112", "43113", "43114"}
    assert not [city for city in cities if " " in city.name_ko]
    assert {dong.code[:5] for dong in dongs} == {"43111", "43112", "43113", "43114"}
    assert filter_districts("4300000000", clock.today(), city="")[1] == []
    assert filter_districts(None, clock.today(), city="") == ([], [])


def test_a_round_without_proposals_has_only_zeros(session: Session) -> None:
    round_ = make_round(make_region())
    facets = count_facets(round_.region_id, round_.id, ProposalFilter())
    assert not facets.fields
    assert facets.with_point == 0
    assert list_proposals(round_.region_id, round_.id, sort=ProposalSort.RANDOM, seed=5).items == []
