"""The pure rules of threads: where a comment hangs, when it can be changed, who may read it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.threads.comment_paths import ancestors, behind_subtree, position, root_path
from civicvote.domain.threads.editing import EditTimes, EditWindow, edit_window
from civicvote.domain.threads.errors import CommentEmpty, CommentTooLong
from civicvote.domain.threads.policy import can_edit, can_read, role_shown
from civicvote.domain.threads.text import clean_comment
from civicvote.kernel.actor import Actor
from civicvote.kernel.permissions import Role
from civicvote.kernel.visibility import Visibility

POSTED = datetime(2026, 3, 2, 9, tzinfo=UTC)
IDS = st.integers(min_value=1, max_value=(1 << 63) - 1)


def test_replies_nest_three_deep_and_then_stay_side_by_side() -> None:
    path, depths, parents = "", [], []
    for comment_id in range(100, 106):
        place = position(comment_id, path)
        depths.append(place.depth)
        parents.append(place.parent_id)
        path = place.path
    assert depths == [0, 1, 2, 3, 3, 3]
    assert parents == [None, 100, 101, 102, 102, 102]
    assert ancestors(path) == [100, 101, 102]
    assert root_path(path) == position(100).path


@given(st.lists(IDS, min_size=1, max_size=4), IDS)
def test_every_reply_sorts_inside_its_ancestors_range(above: list[int], reply: int) -> None:
    path = ""
    for comment_id in above[:3]:
        path = position(comment_id, path).path
    below = position(reply, path).path
    assert path < below < behind_subtree(path)


@given(IDS, IDS)
def test_order_by_path_is_order_by_age_and_subtrees_never_overlap(one: int, other: int) -> None:
    older, newer = sorted((one, other))
    assert (position(older).path < position(newer).path) is (older < newer)
    if older < newer:
        assert behind_subtree(position(older).path) < position(newer).path


@pytest.mark.parametrize(
    ("minutes", "window"),
    [
        (0, EditWindow.SILENT),
        (14.9, EditWindow.SILENT),
        (15, EditWindow.PUBLIC),
        (24 * 60 - 0.1, EditWindow.PUBLIC),
        (24 * 60, EditWindow.CLOSED),
    ],
)
def test_the_edit_windows_end_on_time(minutes: float, window: EditWindow) -> None:
    assert edit_window(POSTED, POSTED + timedelta(minutes=minutes)) is window


def test_a_round_may_allow_no_late_edits() -> None:
    times = EditTimes(silent=timedelta(minutes=5), possible=timedelta(0))
    assert edit_window(POSTED, POSTED + timedelta(minutes=4), times) is EditWindow.SILENT
    assert edit_window(POSTED, POSTED + timedelta(minutes=5), times) is EditWindow.CLOSED


def test_hidden_comments_are_read_by_author_and_moderators_withdrawn_ones_by_nobody() -> None:
    author, stranger = Actor(1, "글쓴이"), Actor(2, "이웃")
    moderator = Actor(3, "관리자", roles={7: frozenset({Role.MODERATOR})})
    elsewhere = Actor(4, "관리자", roles={8: frozenset({Role.MODERATOR})})
    readers = (None, stranger, elsewhere, author, moderator)

    def who(visibility: Visibility) -> list[bool]:
        return [can_read(reader, region_id=7, author_id=1, visibility=visibility) for reader in readers]

    assert who(Visibility.VISIBLE) == [True] * 5
    assert who(Visibility.HIDDEN) == [False, False, False, True, True]
    assert who(Visibility.WITHDRAWN) == [False] * 5


def test_only_the_author_edits_and_not_what_is_hidden() -> None:
    author, moderator = Actor(1, "글쓴이"), Actor(3, "관리자", roles={7: frozenset({Role.MODERATOR})})
    common = {"author_id": 1, "created_at": POSTED, "moment": POSTED, "times": EditTimes()}
    assert can_edit(author, visibility=Visibility.VISIBLE, **common)  # type: ignore[arg-type]
    assert not can_edit(author, visibility=Visibility.HIDDEN, **common)  # type: ignore[arg-type]
    assert not can_edit(moderator, visibility=Visibility.VISIBLE, **common)  # type: ignore[arg-type]


def test_the_weightiest_role_in_the_region_is_shown() -> None:
    officer = Actor(1, "담당", roles={7: frozenset({Role.CLERK, Role.MODERATOR}), 8: frozenset({Role.ADMINISTRATOR})})
    assert role_shown(officer, 7) == "moderator"
    assert role_shown(officer, 9) == ""


@pytest.mark.parametrize("role", list(Role))
def test_whoever_holds_a_role_in_the_region_speaks_with_its_tag(role: Role) -> None:
    assert role_shown(Actor(1, "담당", roles={7: frozenset({role})}), 7) == role.value


def test_comments_have_words_but_not_too_many() -> None:
    assert clean_comment("  네.\r\n") == "네."
    with pytest.raises(CommentEmpty):
        clean_comment(" \n ")
    with pytest.raises(CommentTooLong):
        clean_comment("가" * 3001)
