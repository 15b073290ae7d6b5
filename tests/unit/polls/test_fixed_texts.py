"""Texts that must stay as they are: frozen rules, idempotency records, sources, slugs, outcomes, key files."""

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from hashlib import sha256

import pytest

from civicvote.domain.polls import freezing
from civicvote.domain.polls.box import idempotency, keys
from civicvote.domain.polls.errors import CountsDoNotAddUp, IdempotencyKeyUnusable, KeyMissing
from civicvote.domain.polls.freezing import FrozenOption, FrozenRules
from civicvote.domain.polls.importing.slugs import slug_of
from civicvote.domain.polls.importing.source import ImportSource
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.outcome.reconciling import Counts, require_equal
from civicvote.domain.polls.roll.rule import RollRule
from civicvote.domain.polls.states import Channel, PollKind
from civicvote.domain.tally.parameters import CountingParameters
from civicvote.domain.tally.profile import Option, Profile
from civicvote.domain.tally.registry import TALLY_RULES
from civicvote.domain.tally.ties import TieBreak
from civicvote.kernel.voting import BallotType, CountingRule

RULES = FrozenRules(
    poll_id=7,
    region_id=3,
    kind=PollKind.BUDGET,
    ballot_type=BallotType.APPROVAL,
    min_choices=1,
    max_choices=None,
    ballot_limit_amount=100,
    counting_rule=CountingRule.GREEDY,
    seats=None,
    threshold=2,
    envelope_amount=100,
    tie_break="seed:비밀 아님",
    opens_at=datetime(2026, 3, 1, tzinfo=UTC),
    public_key="ab",
    options=(FrozenOption(key="b", label="공원", cost_amount=60, subject_id=9), FrozenOption(key="a", label="길")),
)


def test_frozen_rules_come_back_and_keep_the_order_of_options():
    assert freezing.read(freezing.write(RULES)) == RULES
    assert list(RULES.tally_options) == ["b", "a"]


@pytest.mark.parametrize(
    "change",
    [
        {"threshold": 3},
        {"envelope_amount": 101},
        {"tie_break": "id"},
        {"options": RULES.options[::-1]},
        {"options": (replace(RULES.options[0], cost_amount=61), RULES.options[1])},
        {"options": (replace(RULES.options[0], label="공원 "), RULES.options[1])},
        {"public_key": "ac"},
        {"roll_rule": RollRule(minimum_age=16)},
        {"roll_rule": RollRule(excluded_groups=())},
    ],
)
def test_every_change_of_the_rules_changes_the_hash(change):
    assert freezing.digest(freezing.write(replace(RULES, **change))) != freezing.digest(freezing.write(RULES))


def test_the_canonical_text_is_this_one_for_ever():
    assert freezing.digest(freezing.write(RULES)) == "41a50b60d622779187d72b2f574da96d66d86eed8b35bb9ae9a72c68a3d082d6"


def test_rules_that_were_fixed_before_the_roll_had_a_rule_of_its_own_can_still_be_read():
    document = json.loads(freezing.write(RULES)) | {"format": 1, "roll_rule": "confirmed-residents"}
    assert freezing.read(json.dumps(document)).roll_rule == RollRule()


def test_the_roll_has_one_hash_whatever_the_order():
    def digest(*ids: int, electorate: str = "residents") -> str:
        return freezing.roll_digest((person, electorate) for person in ids)

    assert digest(3, 1, 2) == digest(2, 3, 1)
    assert digest(1, 23) != digest(12, 3)
    assert digest(1, 2) != digest(1, 2, electorate="panel")
    assert freezing.roll_digest([(1, "panel"), (2, "residents")]) == sha256(b"1:panel\n2").hexdigest()


def test_a_record_depends_on_everything_that_was_asked_and_on_the_secret():
    asked = {"region_id": 1, "poll_id": 2, "voter_id": 3, "ballot": '["a"]'}
    mac = idempotency.request_mac(b"secret", "k" * 32, **asked)
    others = [
        idempotency.request_mac(b"another", "k" * 32, **asked),
        idempotency.request_mac(b"secret", "l" * 32, **asked),
        *(
            idempotency.request_mac(b"secret", "k" * 32, **(asked | change))
            for change in ({"region_id": 2}, {"poll_id": 3}, {"voter_id": 4}, {"ballot": '["b"]'})
        ),
    ]
    assert len({mac, *others}) == 7
    assert idempotency.is_same_request(mac, idempotency.request_mac(b"secret", "k" * 32, **asked))
    assert idempotency.mac_key_from("a") != idempotency.mac_key_from("b")


@pytest.mark.parametrize("key", ["", "short", "x" * 15, "x" * 201, "é" * 20, "x" * 20 + "\n"])
def test_a_weak_key_is_refused(key):
    with pytest.raises(IdempotencyKeyUnusable):
        idempotency.require_usable(key)
    idempotency.require_usable("x" * 16)


def test_a_source_comes_back_however_odd_the_name():
    source = ImportSource("a; rule=x; sha256=.pb", "equalshares/add1", "0" * 64)
    assert ImportSource.read(str(source)) == source
    assert str(source).endswith(ImportSource.mark("0" * 64))
    assert source.is_counted_as_stated
    assert not ImportSource("a.pb", "greedy-custom", "0" * 64).is_counted_as_stated
    assert ImportSource.read("") is None
    assert len(str(ImportSource("n" * 500, "r" * 500, "0" * 64))) <= 200


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Łódź", "lodz"),
        ("Mierzęcice", "mierzecice"),
        ("Straße am Øresund", "strasse-am-oresund"),
        ("  'S-Hertogenbosch ", "s-hertogenbosch"),
        ("a" * 80, "a" * 50),
    ],
)
def test_latin_names_read_in_addresses(name, slug):
    assert slug_of(name) == slug


def test_names_in_other_scripts_get_an_address_that_stays():
    assert slug_of("대전") == slug_of("대전")
    assert slug_of("대전") != slug_of("광주")
    assert slug_of("대전 Dong").startswith("place-")
    assert slug_of("…").startswith("place-")


def test_an_outcome_comes_back_with_fractions_ties_and_reasons():
    options = [Option("a", 3), Option("b", 3), Option("c", 5, is_withdrawn=True)]
    profile = Profile.of_ballots(options, [{"a": Fraction(7, 2)}, {"b": Fraction(7, 2)}, {}], budget=5)
    parameters = CountingParameters(TieBreak.parse("seed:x"), threshold=1)
    result = TALLY_RULES[CountingRule.GREEDY](profile, parameters)

    record = outcome_format.read(outcome_format.write(result, profile.supporters, {"envelopes": 3}))

    assert record.selected == result.selected
    assert {(v.option, v.reason, v.score, v.step, v.left) for v in record.verdicts} == {
        (v.option_id, v.reason, v.score, v.step, v.left) for v in result.verdicts
    }
    assert record.ties[0].changed_winners is True
    assert record.ties[0].score == Fraction(7, 2)
    assert (record.voters, record.valid_ballots, record.budget) == (3, 2, 5)
    assert record.checks == {"envelopes": 3}


COUNTS = Counts(envelopes=3, roll_marks=3, unsealed_ballots=3, choices=5, ballot_sizes=5)


def compare(counts=COUNTS, **changes):
    by_kind = {
        "envelopes_by_channel": {Channel.WEB: 3},
        "marks_by_channel": {Channel.WEB: 3},
        "ballots_by_electorate": {"residents": 2, "panel": 1},
        "marks_by_electorate": {"residents": 2, "panel": 1},
    }
    require_equal(counts, **by_kind | changes)


def test_equal_counts_pass():
    compare()


@pytest.mark.parametrize("name", ["envelopes", "roll_marks", "unsealed_ballots", "choices", "ballot_sizes"])
@pytest.mark.parametrize("step", [-1, 1])
def test_each_count_that_is_off_by_one_is_caught(name, step):
    off = replace(COUNTS, **{name: getattr(COUNTS, name) + step})
    with pytest.raises(CountsDoNotAddUp):
        compare(off)


def test_channels_must_agree_each_for_itself():
    with pytest.raises(CountsDoNotAddUp):
        compare(
            envelopes_by_channel={Channel.WEB: 2, Channel.BOOTH: 1},
            marks_by_channel={Channel.WEB: 1, Channel.BOOTH: 2},
        )


@pytest.mark.parametrize("found", [{"residents": 3}, {"residents": 1, "panel": 2}, {}])
def test_ballots_of_each_electorate_must_be_as_many_as_its_marks(found):
    with pytest.raises(CountsDoNotAddUp):
        compare(ballots_by_electorate=found)


def test_a_key_file_is_written_once_read_and_overwritten_before_it_goes(tmp_path):
    folder = tmp_path / "keys"
    keys.store(folder, 5, "secret")
    path = keys.key_path(folder, 5)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.load(folder, 5) == "secret"
    with pytest.raises(FileExistsError):
        keys.store(folder, 5, "other")
    linked = tmp_path / "same-blocks"
    linked.hardlink_to(path)

    assert keys.destroy(folder, 5) is True

    assert not path.exists()
    assert linked.read_bytes() == b"\0" * len("secret")
    assert keys.destroy(folder, 5) is False
    with pytest.raises(KeyMissing):
        keys.load(folder, 5)
