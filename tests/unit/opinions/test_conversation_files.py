"""Conversations as files: what can be read is read, what can't is told by file and line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from civicvote.cli.opinions import opinion_map_command
from civicvote.domain.opinions import conversation
from civicvote.domain.opinions.conversation import ConversationUnreadable, read_conversation

COMMENTS = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"


def folder_with(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.csv").write_bytes(text.encode())
    return folder


def test_the_last_vote_by_time_holds_whatever_the_order_of_lines(tmp_path: Path) -> None:
    folder_with(
        tmp_path,
        comments=f"{COMMENTS}1000,x,0,1,0,0,1,공원\n",
        votes="timestamp,datetime,comment-id,voter-id,vote\n3000,x,0,5,-1\n1000,x,0,5,1\n2000,x,0,6,0\n",
    )
    found = read_conversation(tmp_path)
    assert found.votes == ((5, 0, -1), (6, 0, 0))
    assert found.statements[0].text == "공원"
    assert found.statements[0].written_at is not None
    assert found.groups == {}


def test_byte_order_mark_line_breaks_in_cells_and_other_columns(tmp_path: Path) -> None:
    folder_with(
        tmp_path,
        comments=f'\ufeff{COMMENTS}1,x,3,1,0,0,-1,"두 줄\n문장, 쉼표"\n',
        participants_votes="participant,xid,group-id,n-votes,3\n0,,1,1,1\n\n1,,,1,\n2,,0.0,1,-1.0\n",
    )
    found = read_conversation(tmp_path)
    assert found.statements[0].text == "두 줄\n문장, 쉼표"
    assert found.statements[0].moderated == -1
    assert found.participants == (0, 1, 2)
    assert found.votes == ((0, 3, 1), (2, 3, -1))
    assert found.groups == {0: 1, 2: 0}


def test_what_can_not_be_read_is_told_by_line(tmp_path: Path) -> None:
    folder_with(
        tmp_path,
        comments=f"{COMMENTS}1,x,zero,1,0,0,1,a\n1,x,0,1,0,0,1,b\n1,x,0,1,0,0,1,c\n",
        participants_votes="participant,0,7\n0,1,1\n0,1,1\nx,1,1\n1,2,\n",
    )
    told = [str(problem) for problem in read_conversation(tmp_path).warnings]
    assert told == [
        "comments.csv, line 2: comment-id 'zero' is no number",
        "comments.csv, line 4: statement 0 stands further up already",
        "participants-votes.csv, line 3: participant '0' stands further up already",
        "participants-votes.csv, line 4: participant 'x' is no number",
        "participants-votes.csv, line 5: '2' is no vote on statement 0",
        "comments.csv: statement 7 has votes but no text",
    ]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "comments.csv: there is no such file"),
        ({"comments": COMMENTS}, "votes.csv: there is neither this file nor participants-votes.csv"),
        ({"comments": "id,text\n", "votes": ""}, "comments.csv, line 1: there is no column comment-id, comment-body"),
        (
            {"comments": COMMENTS, "votes": "timestamp,comment-id\n"},
            "votes.csv, line 1: there is no column voter-id, vote",
        ),
        ({"comments": COMMENTS, "participants_votes": "participant,x\n"}, "no column is the number of a statement"),
        ({"comments": COMMENTS, "participants_votes": "participant,0\n1,\n"}, "there is no vote in it"),
        ({"comments": f'{COMMENTS}1,x,0,0,0,0,1,"{"a" * 200_000}"\n', "votes": "x\n"}, "not readable as CSV"),
    ],
)
def test_nothing_usable(tmp_path: Path, files: dict[str, str], why: str) -> None:
    with pytest.raises(ConversationUnreadable) as refused:
        read_conversation(folder_with(tmp_path, **files))
    assert why in str(refused.value)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "comments.csv").write_bytes("공원".encode("cp949"))
    with pytest.raises(ConversationUnreadable, match="not UTF-8 from byte 0 on"):
        read_conversation(tmp_path)


def test_too_large_is_refused_with_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "MOST_CELLS", 1)
    folder_with(tmp_path, comments=COMMENTS, participants_votes="participant,0,1\n1,1,1\n")
    with pytest.raises(ConversationUnreadable, match="too large: 1 people × 2 statements, at most 1 cells"):
        read_conversation(tmp_path)


def test_the_command_says_what_is_wrong_and_ends_with_1(tmp_path: Path) -> None:
    result = CliRunner().invoke(opinion_map_command, [str(tmp_path)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "comments.csv: there is no such file in the folder" in result.stderr


def test_published_groups_are_asked_for_but_missing(tmp_path: Path) -> None:
    folder_with(
        tmp_path, comments=f"{COMMENTS}1,x,0,1,0,0,1,a\n", votes="timestamp,comment-id,voter-id,vote\n1,0,1,1\n"
    )
    result = CliRunner().invoke(opinion_map_command, [str(tmp_path), "--groups", "published"])
    assert result.exit_code == 1
    assert "no groups were published" in result.stderr


def test_a_terminal_is_not_commanded_by_a_statement(tmp_path: Path) -> None:
    folder_with(
        tmp_path,
        comments=f"{COMMENTS}1,x,0,1,0,0,1,\x1b[2Jgone\n",
        participants_votes="participant,0\n" + "".join(f"{number},1\n" for number in range(9)),
    )
    result = CliRunner().invoke(opinion_map_command, [str(tmp_path)])
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "gone" in result.stdout
