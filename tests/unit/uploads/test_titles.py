"""What a file is called: the sender's words, made harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicvote.domain.uploads.kinds import MediaType
from civicvote.domain.uploads.taking import remake
from civicvote.domain.uploads.titles import ENDINGS, LONGEST_TITLE, shown_title
from tests.factories.files import drawing, encoded


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("도서관 앞.JPEG", "도서관 앞.jpg"),
        ("C:\\fakepath\\a.jpg", "a.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("a.jpg.html", "a.jpg.html.jpg"),
        ("invoice\u202egpj.exe", "invoicegpj.exe.jpg"),
        ("a\r\nSet-Cookie: b=c", "a Set-Cookie b=c.jpg"),
        ("", "file.jpg"),
        ("사진.pdf", "사진.jpg"),
        ("...", "file.jpg"),
    ],
)
def test_a_name_is_shown_in_one_line_with_the_ending_of_its_kind(name: str, shown: str) -> None:
    assert shown_title(name, MediaType.JPEG) == shown


@given(name=st.text(max_size=300), media_type=st.sampled_from(list(MediaType)))
def test_every_name_becomes_a_title(name: str, media_type: MediaType) -> None:
    title = shown_title(name, media_type)
    assert len(ENDINGS[media_type]) < len(title) <= LONGEST_TITLE
    assert title.endswith(ENDINGS[media_type])
    assert title.isprintable()
    assert not set(title) & set('/\\"<>|:*?')


def test_a_name_that_looks_like_a_personal_number_is_not_kept() -> None:
    assert remake(encoded(drawing()), name="900101-1234567 등본.jpg").title == "file.jpg"
