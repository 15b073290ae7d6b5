"""A bundle counts to the published outcome with nothing but itself, and whatever is changed in it shows."""

import json
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from civicvote.cli.recount import recount_command
from civicvote.domain.polls import freezing
from civicvote.domain.polls.ballots import choices
from civicvote.domain.polls.ballots.shape import BallotShape, Electorate
from civicvote.domain.polls.box import merkle
from civicvote.domain.polls.bundle.archive import BundleUnusable, read_bundle
from civicvote.domain.polls.bundle.ballots import PollFacts
from civicvote.domain.polls.bundle.differences import DifferenceCode
from civicvote.domain.polls.bundle.making import CastBallots, make_bundle
from civicvote.domain.polls.bundle.recounting import recount
from civicvote.domain.polls.freezing import FrozenOption, FrozenRules
from civicvote.domain.polls.outcome import format as outcome_format
from civicvote.domain.polls.planning.counting_choice import CountingChoice
from civicvote.domain.polls.states import PollKind
from civicvote.domain.tally.counting import count_electorates
from civicvote.domain.tally.electorates import Electorate as CountedElectorate
from civicvote.domain.tally.electorates import together
from civicvote.domain.tally.pabulib.read import read_pabulib
from civicvote.domain.tally.profile import Profile
from civicvote.kernel.voting import BallotType, Completion, CountingRule

BUDGET = FrozenRules(
    poll_id=7,
    region_id=3,
    kind=PollKind.BUDGET,
    ballot_type=BallotType.APPROVAL,
    min_choices=1,
    max_choices=2,
    ballot_limit_amount=None,
    counting_rule=CountingRule.EQUAL_SHARES,
    seats=None,
    threshold=0,
    envelope_amount=1000,
    tie_break="cost,votes,seed:비밀 아님",
    opens_at=datetime(2026, 3, 1, tzinfo=UTC),
    public_key="ab",
    options=(
        FrozenOption(key="P-1", label="골목길 조명", cost_amount=600),
        FrozenOption(key="P-2", label="Bus; shelter", cost_amount=500),
        FrozenOption(key="P-3", label="가로수", cost_amount=400),
    ),
    counting=CountingChoice(completion=Completion.ADD1),
)
AGENDA = replace(
    BUDGET,
    kind=PollKind.AGENDA,
    ballot_type=BallotType.ORDINAL,
    counting_rule=CountingRule.BORDA,
    seats=1,
    envelope_amount=None,
    max_choices=None,
)
WEIGHED = replace(
    AGENDA,
    ballot=BallotShape(
        electorates=(Electorate("residents", "주민", "Residents", 60), Electorate("panel", "위원", "Panel", 40))
    ),
)
SAID = ['["P-1"]', '["P-2","P-3"]', '["P-1","P-3"]', '["P-3"]']
CAST = Counter({'["P-1","P-3"]': 5, '["P-2"]': 3, '["P-3"]': 2})
RANKED = Counter({'{"P-1":3,"P-2":2}': 4, '{"P-3":3}': 1})
FACTS = PollFacts(
    title="2026 예산 투표",
    country="South Korea",
    unit="은하구",
    instance="2026",
    currency="KRW",
    exponent=0,
    began_on=date(2026, 3, 1),
    ended_on=date(2026, 3, 14),
)


def published(rules, cast):
    """The outcome as the site would store it. ``cast``: electorate to its ballots."""
    weights = {each.key: each.weight for each in rules.ballot.electorates} or {"residents": 1}
    options, budget = rules.tally_options.values(), rules.envelope_amount or 0
    electorates = [
        CountedElectorate(
            key,
            weight,
            Profile.of_counts(
                options,
                {tuple(choices.read(text).items()): number for text, number in cast.get(key, {}).items()},
                budget=budget,
            ),
        )
        for key, weight in weights.items()
    ]
    result = count_electorates(rules.counting_rule, electorates, rules.counting_parameters)
    whole, ballots = together(electorates).supporters, number_of(cast)
    checks = {
        **dict.fromkeys(("envelopes", "roll_marks", "unsealed_ballots"), ballots),
        **dict.fromkeys(("choices", "ballot_sizes"), sum(whole.values())),
    }
    return outcome_format.write(result, whole, checks if rules.was_held_here else {})


def number_of(cast):
    return sum(sum(counts.values()) for counts in cast.values())


def receipts_for(number):
    return sorted(sha256(str(each).encode()).hexdigest() for each in range(number))


def bundle(rules=BUDGET, cast=None, **changes):
    cast = {"residents": CAST} if cast is None else cast
    receipts = receipts_for(number_of(cast)) if rules.was_held_here else []
    given = {
        "rules": freezing.write(rules),
        "outcome": published(rules, cast),
        "ballots": [CastBallots(key, counts) for key, counts in cast.items()],
        "facts": FACTS,
        "receipts": receipts,
        "receipts_root": merkle.root(merkle.block_roots(receipts)).hex() if rules.was_held_here else "",
    }
    return make_bundle(**given | changes)


def counted(content, **expected):
    return recount(read_bundle(content), **expected)


def codes(found):
    return {difference.code for difference in found.differences}


def rewritten(content, change, *, forged=True):
    """The bundle with its parts changed; where ``forged``, with a manifest that agrees to them."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    if forged:
        manifest = json.loads(parts["manifest.json"])
        manifest["parts"] = {name: sha256(text).hexdigest() for name, text in parts.items() if name != "manifest.json"}
        manifest["rules_hash"] = sha256(parts["rules.json"]).hexdigest()
        for each in manifest["ballots"]:
            if each["file"].endswith(".pb"):
                each["ballots"] = read_pabulib(BytesIO(parts[each["file"]])).profile.voters
        parts["manifest.json"] = json.dumps(manifest).encode()
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def replacing(name, old, new):
    def change(parts):
        assert old.encode() in parts[name]
        parts[name] = parts[name].replace(old.encode(), new.encode(), 1)

    return change


@pytest.mark.parametrize(
    ("rules", "cast"),
    [
        (BUDGET, {"residents": CAST}),
        (replace(BUDGET, counting_rule=CountingRule.GREEDY, threshold=3), {"residents": CAST}),
        (replace(BUDGET, counting_rule=CountingRule.PHRAGMEN), {"residents": CAST}),
        (AGENDA, {"residents": RANKED}),
        (replace(AGENDA, counting_rule=CountingRule.SCHULZE), {"residents": RANKED}),
        (WEIGHED, {"residents": RANKED, "panel": Counter({'{"P-1":2,"P-3":3}': 12})}),
        (replace(WEIGHED, kind=PollKind.BUDGET, counting_rule=CountingRule.GREEDY, envelope_amount=900),
         {"residents": RANKED, "panel": Counter({'{"P-1":2,"P-3":3}': 12})}),
        (replace(BUDGET, counting=CountingChoice(completion=Completion.ADD1, compares_with_greedy=True)),
         {"residents": CAST}),
        (replace(BUDGET, public_key="", counting_rule=CountingRule.GREEDY), {"residents": CAST}),
    ],
    ids=["equal-shares", "greedy", "phragmen", "borda", "schulze", "weights", "weights-and-money",
         "compared", "held-elsewhere"],
)  # fmt: skip
def test_a_bundle_counts_to_the_published_outcome(rules, cast):
    found = counted(bundle(rules, cast))

    assert found.differences == ()
    assert found.agrees
    assert list(found.result.selected) == published(rules, cast)["selected"]
    assert found.ballots == sum(sum(counts.values()) for counts in cast.values())


def test_the_same_poll_gives_the_same_bytes_in_whatever_order_its_ballots_come():
    turned = Counter(dict(reversed(CAST.items())))

    assert bundle() == bundle(cast={"residents": turned})


def test_the_rules_are_the_fixed_text_byte_by_byte_and_their_hash_is_the_published_one():
    opened = read_bundle(bundle())

    assert opened.parts["rules.json"] == freezing.write(BUDGET).encode()
    assert opened.rules_hash == freezing.digest(freezing.write(BUDGET))


def test_the_ballots_file_says_what_the_rules_say_and_nothing_of_the_voters():
    opened = read_bundle(bundle(replace(BUDGET, counting_rule=CountingRule.GREEDY)))
    election = read_pabulib(BytesIO(opened.parts["ballots/1.pb"]))

    assert election.warnings == ()
    assert election.meta["rule"] == "greedy"
    assert [project.fields["selected"] for project in election.projects].count("1") == 2
    header = opened.parts["ballots/1.pb"].decode().partition("VOTES\n")[2].splitlines()[0]
    assert header == "voter_id;vote"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (replacing("ballots/1.pb", "P-1,P-3\n", "P-1,P-2\n"), "another ballot"),
        (replacing("ballots/1.pb", "\n10;P-3", ""), "a missing ballot"),
        (replacing("rules.json", '"cost_amount":400', '"cost_amount":401'), "another cost"),
        (replacing("rules.json", '"completion":"add1"', '"completion":"none"'), "another rule"),
        (replacing("rules.json", "비밀 아님", "비밀"), "another seed"),
        (replacing("outcome.json", '"voters": 10', '"voters": 11'), "another outcome"),
        (replacing("outcome.json", '"reason": "selected"', '"reason": "does_not_fit"'), "another reason"),
        (replacing("receipts.txt", receipts_for(10)[0] + "\n", ""), "a missing receipt"),
        (replacing("receipts.txt", receipts_for(10)[0], receipts_for(10)[1]), "another receipt"),
        (replacing("ballots/1.pb", "가로수;1", "가로수;0"), "a winner of the file is none"),
        (replacing("ballots/1.pb", "rule;unknown", "rule;greedy"), "the file names another rule"),
        (replacing("outcome.json", '"envelopes": 10', '"envelopes": 11'), "another number of envelopes"),
        (replacing("outcome.json", '"roll_marks": 10', '"roll_marks": 9'), "another number of marks"),
        (replacing("outcome.json", '"choices": 15', '"choices": 14'), "another sum of choices"),
        (replacing("outcome.json", '"withheld": []', '"withheld": ["P-1"]'), "an option said to be withheld"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("forged", [False, True], ids=["plain", "forged"])
def test_whatever_is_changed_differs_even_where_the_manifest_was_made_to_fit(change, expected, forged):
    found = counted(rewritten(bundle(), change, forged=forged))

    assert not found.agrees, expected
    if not forged:
        assert DifferenceCode.PART_CHANGED in codes(found)


def test_ballots_rearranged_to_the_same_sums_differ_from_the_manifest_that_was_published():
    # (P-1, P-3) and (P-2) become (P-1, P-2) and (P-3): no sum changes under greedy, so only the hashes can tell.
    rules = replace(BUDGET, counting_rule=CountingRule.GREEDY)
    original = bundle(rules)
    swapped = Counter({'["P-1","P-3"]': 4, '["P-1","P-2"]': 1, '["P-2"]': 2, '["P-3"]': 3})
    forged = bundle(rules, {"residents": swapped})

    assert published(rules, {"residents": swapped}) == published(rules, {"residents": CAST})
    manifest = read_bundle(original).manifest_hash
    assert counted(original, expected_manifest=manifest).agrees
    assert codes(counted(forged, expected_manifest=manifest)) == {DifferenceCode.MANIFEST_HASH}


def test_a_part_that_is_missing_or_unknown_differs():
    def without_receipts(parts):
        del parts["receipts.txt"]

    def with_another(parts):
        parts["extra.txt"] = b""

    assert DifferenceCode.PART_MISSING in codes(counted(rewritten(bundle(), without_receipts, forged=False)))
    assert codes(counted(rewritten(bundle(), with_another, forged=False))) == {DifferenceCode.PART_UNLISTED}


def test_an_outcome_that_lost_or_gained_a_field_differs():
    def changing(change):
        def changed(parts):
            outcome = json.loads(parts["outcome.json"])
            change(outcome)
            parts["outcome.json"] = json.dumps(outcome).encode()

        return changed

    for name in ("parameters", "explanation", "withheld"):
        found = counted(rewritten(bundle(), changing(lambda outcome, name=name: outcome.pop(name))))
        assert DifferenceCode.OUTCOME in codes(found), name
    with pytest.raises(BundleUnusable):
        counted(rewritten(bundle(), changing(lambda outcome: outcome.pop("checks"))))
    gained = counted(rewritten(bundle(), changing(lambda outcome: outcome.update(approved_by="the mayor"))))
    assert [str(each) for each in gained.differences] == ["the count gives another approved by than was published"]
    unchecked = counted(rewritten(bundle(), changing(lambda outcome: outcome["checks"].pop("envelopes"))))
    assert [str(each) for each in unchecked.differences] == ["the count gives another checks than was published"]


def test_an_outcome_of_the_first_format_has_what_that_format_had():
    def of_the_first(parts):
        outcome = json.loads(parts["outcome.json"])
        for name in ("parameters", "explanation", "withheld"):
            del outcome[name]
        parts["outcome.json"] = json.dumps(outcome | {"format": 1}).encode()

    plain = replace(BUDGET, counting_rule=CountingRule.GREEDY)
    assert counted(rewritten(bundle(plain), of_the_first)).agrees


def test_a_vote_that_was_held_here_without_its_receipts_differs():
    found = counted(bundle(receipts=(), receipts_root=""))

    assert codes(found) == {DifferenceCode.RECEIPTS_NUMBER, DifferenceCode.RECEIPTS_ROOT}


def test_ballots_of_an_electorate_that_the_rules_do_not_know_differ():
    cast = {"residents": RANKED, "panel": RANKED}
    strangers = [*(CastBallots(key, counts) for key, counts in cast.items()), CastBallots("friends", RANKED)]
    found = counted(bundle(WEIGHED, cast, ballots=strangers))

    assert DifferenceCode.ELECTORATE_UNKNOWN in codes(found)


def test_words_for_readers_are_no_evidence_and_the_manifest_stays_the_same_when_they_change():
    changed = rewritten(bundle(), replacing("README.en.txt", "anybody", "everybody"), forged=False)

    assert counted(changed).agrees
    assert read_bundle(changed).manifest_hash == read_bundle(bundle()).manifest_hash


def test_the_manifest_of_this_vote_has_this_hash_for_ever():
    """It stands on outcome pages and on printed protocols; a programme that writes another one contradicts them."""
    budget, agenda = bundle(BUDGET), bundle(AGENDA, {"residents": RANKED})
    assert read_bundle(budget).manifest_hash == "38ce9cf8ce1c1f84fb7e397414565ec7657ff33d8bdb3e78931d2fa855ac0ce2"
    assert read_bundle(agenda).manifest_hash == "67d82175b8fe72bfe0c4da798740c3acb4c58c7c48623ccb33a4b33211a729b5"


def test_ballots_that_break_the_rules_are_told_by_their_rule():
    cast = {"residents": CAST + Counter({'["P-1","P-2","P-3"]': 2})}
    found = counted(bundle(cast=cast))

    assert DifferenceCode.BALLOT_AGAINST_RULES in codes(found)
    assert "2 ballots break the poll's rules (ballot_too_many_choices)" in "\n".join(map(str, found.differences))


def test_a_table_of_ballots_with_a_broken_line_differs():
    for old, new in [("4,", "-4,"), ("4,", "x,"), ('""P-1"":3', '""P-1"":'), ("number,ballot", "n,b")]:
        found = counted(rewritten(bundle(AGENDA, {"residents": RANKED}), replacing("ballots/1.csv", old, new)))
        assert DifferenceCode.BALLOT_UNREADABLE in codes(found)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_bundle_is_refused(content):
    with pytest.raises(BundleUnusable):
        read_bundle(content)


def test_a_bundle_whose_rules_or_outcome_nobody_can_read_is_refused():
    for change in [
        replacing("rules.json", "{", "["),
        replacing("rules.json", '"seats":null', '"seats":"many","x":1'),
        replacing("outcome.json", '"rule"', '"ruel"'),
    ]:
        with pytest.raises(BundleUnusable):
            counted(rewritten(bundle(), change))


@given(
    cast=st.dictionaries(st.sampled_from(['["P-1"]', '["P-2","P-3"]', '["P-1","P-3"]', '["P-3"]']), st.integers(1, 9))
)
def test_any_ballots_count_to_their_outcome(cast):
    found = counted(bundle(cast={"residents": Counter(cast)}))

    assert found.agrees


_WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.sampled_from(["-", "N/A", "none", " ", "#1"]),
)


@given(title=_WORDS, place=_WORDS, round_=_WORDS, label=_WORDS)
def test_whatever_a_vote_and_its_place_are_called_its_own_bundle_is_confirmed(title, place, round_, label):
    rules = replace(BUDGET, options=(replace(BUDGET.options[0], label=label), *BUDGET.options[1:]))

    found = counted(bundle(rules, facts=replace(FACTS, title=title, unit=place, instance=round_)))

    assert found.differences == ()


@pytest.fixture
def run(tmp_path):
    def run(content, *options):
        path = tmp_path / "bundle.zip"
        path.write_bytes(content)
        return CliRunner().invoke(recount_command, [str(path), *options])

    return run


def test_the_command_says_yes_with_the_hashes_to_compare(run):
    result = run(bundle())

    assert result.exit_code == 0, result.output
    assert freezing.digest(freezing.write(BUDGET)) in result.output
    assert read_bundle(bundle()).manifest_hash in result.output
    assert read_bundle(bundle()).receipts_root in result.output
    assert "10 ballots, 10 receipts" in result.output
    assert "The outcome is the published one." in result.output


def test_the_command_says_no_and_what_differs(run):
    changed = run(rewritten(bundle(), replacing("ballots/1.pb", "P-1,P-3\n", "P-1,P-2\n")))
    other = run(bundle(), "--manifest", "0" * 64)

    assert (changed.exit_code, other.exit_code) == (1, 1)
    assert "differs: the count gives another verdicts than was published" in changed.output
    assert "differs: the manifest is another one than expected" in other.output
    assert "NOT confirmed" in changed.output
    assert run(b"no archive").exit_code == 1


def test_the_command_needs_neither_flask_nor_a_database():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, civicvote.cli.recount; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert not {"flask", "sqlalchemy", "werkzeug", "requests"} & set(loaded)
