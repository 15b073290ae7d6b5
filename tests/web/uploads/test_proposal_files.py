"""Pictures and papers of a proposal, from the form to the page and out again."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from civicvote.db import db, intends_to_write
from civicvote.domain.accounts.models import Person
from civicvote.domain.proposals.models import Proposal, ProposalFile
from civicvote.domain.regions.models import Region
from civicvote.domain.rounds.models import Round
from civicvote.domain.uploads.models import Upload
from civicvote.domain.uploads.rules import LARGEST_REQUEST
from civicvote.domain.uploads.services import sweep_orphans
from civicvote.kernel import clock, ids
from civicvote.kernel.permissions import Role
from civicvote.kernel.visibility import Visibility
from civicvote.web.throttle import RATES, Limit
from civicvote.web.uploads import store
from tests.factories.files import CAMERA, acting_paper, drawing, encoded, photo, saved
from tests.factories.people import make_officer, make_person
from tests.factories.places import make_region, make_round
from tests.factories.talk import BODY, SUMMARY, TITLE, make_proposal
from tests.strict_client import StrictClient

TYPED = {"title": TITLE, "summary": SUMMARY, "field_key": "safety", "place": "중앙로", "body": BODY}
MISTYPED = {**TYPED, "title": "짧"}


def sent(content: bytes, name: str = "도서관 앞.jpg", kind: str = "image/jpeg") -> tuple[BytesIO, str, str]:
    """A chosen file as a browser sends it; a new one each time, since the client reads it to its end."""
    return BytesIO(content), name, kind


@pytest.fixture
def region(session: Session) -> Region:
    return make_region()


@pytest.fixture
def round_(region: Region) -> Round:
    return make_round(region)


@pytest.fixture
def author(region: Region) -> Person:
    return make_person("김하늘")


@pytest.fixture
def writer(sign_in: Any, author: Person, region: Region, round_: Round) -> StrictClient:
    """The author at the empty form."""
    made: StrictClient = sign_in(author)
    made.get(f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/proposals/new")
    return made


def submitted(writer: StrictClient, *files: tuple[BytesIO, str, str]) -> Proposal:
    writer.submit({**TYPED, "files": list(files)}, button="제출")
    return db.session.query(Proposal).one()


def page_of(region: Region, proposal: Proposal) -> str:
    return f"/regions/{region.slug}/proposals/{ids.encode(proposal.id)}"


def pictures(writer: StrictClient) -> list[str]:
    return [str(src) for src in writer.page.xpath("//*[@class='gallery']//img/@src")]


def test_a_photo_is_attached_described_and_shown_to_everybody(
    writer: StrictClient, client: StrictClient, region: Region
) -> None:
    writer.submit({**TYPED, "files": [sent(photo())]}, button="미리보기")
    assert len(pictures(writer)) == 1, "the preview shows it"
    caption = writer.page.xpath("//input[starts-with(@name,'caption-')]/@name")[0]
    writer.submit({caption: "도서관 앞에는 횡단보도가 없습니다"}, button="제출")
    proposal = db.session.query(Proposal).one()
    client.get(page_of(region, proposal))
    image = client.page.xpath("//*[@class='gallery']//img")[0]
    assert image.get("alt") == "도서관 앞에는 횡단보도가 없습니다"
    assert (image.get("width"), image.get("height")) == ("600", "400")
    answer = client.get(image.get("src"))
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert Image.open(BytesIO(answer.data)).size == (480, 320)
    whole = client.get(image.get("src").removesuffix("/thumbnail"))
    assert CAMERA.encode() not in whole.data
    assert Image.open(BytesIO(whole.data)).size == (600, 400)


def test_a_file_leaves_as_something_to_be_saved(writer: StrictClient, client: StrictClient, region: Region) -> None:
    proposal = submitted(writer, sent(photo()), sent(saved(acting_paper()), "견적서.pdf", "text/html"))
    client.get(page_of(region, proposal))
    [paper] = client.page.xpath("//*[@class='papers']//a")
    assert paper.text_content() == "견적서.pdf"
    answer = client.get(paper.get("href"))
    assert answer.mimetype == "application/pdf"
    assert b"JavaScript" not in answer.data
    for address in (paper.get("href"), *pictures(client)):
        headers = client.get(address).headers
        assert headers["Content-Disposition"].startswith("attachment; filename=")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "private" in headers["Cache-Control"]
        assert client.get(address, headers={"If-None-Match": headers["ETag"]}).status_code == 304
    assert "filename*=UTF-8''%EA%B2%AC%EC%A0%81%EC%84%9C.pdf" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("htmx", [False, True])
def test_choosing_files_keeps_them_whatever_the_rest_of_the_form_looks_like(writer: StrictClient, htmx: bool) -> None:
    answer = writer.submit({**MISTYPED, "files": [sent(photo())]}, button="고른 파일 올리기", htmx=htmx)
    assert answer.status_code == 200
    upload = db.session.query(Upload).one()
    assert upload.attached_at is None
    assert ids.encode(upload.id) in answer.get_data(as_text=True)
    assert "짧" in answer.get_data(as_text=True)


def test_a_refused_form_carries_what_was_kept_and_says_what_was_lost(writer: StrictClient) -> None:
    writer.submit({"files": [sent(photo())]}, button="고른 파일 올리기")
    answer = writer.submit({**MISTYPED, "files": [sent(photo(), "둘.jpg")]}, button="제출")
    assert answer.status_code == 422
    assert "파일을 다시 골라 주십시오" in writer.text()
    assert len(writer.page.xpath("//input[@name='upload']")) == 1
    assert db.session.query(Upload).count() == 1, "nothing that came with a refused request is kept"
    writer.submit({**TYPED, "files": [sent(photo(), "둘.jpg")]}, button="제출")
    assert db.session.query(ProposalFile).count() == 2


@pytest.mark.parametrize("button", ["미리보기", "제출", "고른 파일 올리기"])
def test_a_refused_file_is_named_and_the_text_is_kept(writer: StrictClient, button: str) -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    answer = writer.submit({**TYPED, "files": [sent(svg, "<b>지도.png", "image/png")]}, button=button)
    assert answer.status_code == 422
    assert "“b 지도.png” 파일은 올릴 수 없는 종류입니다" in writer.text()
    assert writer.page.xpath("//textarea[@name='body']")[0].text.strip() == BODY
    assert writer.page.xpath("//input[@id='files']/@aria-invalid") == ["true"]
    assert db.session.query(Upload).count() == db.session.query(Proposal).count() == 0


def test_six_files_are_too_many_at_once_or_one_after_the_other(writer: StrictClient) -> None:
    six = [sent(encoded(drawing(20, 20)), f"{number}.jpg") for number in range(6)]
    assert writer.submit({**TYPED, "files": six}, button="제출").status_code == 422
    five = [sent(encoded(drawing(20, 20)), f"{number}.jpg") for number in range(5)]
    assert writer.submit({"files": five}, button="고른 파일 올리기").status_code == 200
    assert writer.submit({**TYPED, "files": [sent(photo())]}, button="제출").status_code == 422
    assert "5개까지" in writer.text()
    assert db.session.query(ProposalFile).count() == 0


def test_the_author_takes_a_picture_out_and_it_is_gone_for_good(
    writer: StrictClient, client: StrictClient, region: Region
) -> None:
    proposal = submitted(writer, sent(photo()), sent(photo(300, 200), "둘.jpg"))
    client.get(page_of(region, proposal))
    first, second = pictures(client)
    writer.get(page_of(region, proposal) + "/edit")
    key = writer.page.xpath("//input[@name='drop']/@value")[0]
    writer.submit({"drop": key, "title": TITLE + " 요청"}, button="제출")
    assert [client.get(address).status_code for address in (first, second)] == [404, 200]
    gone, kept = db.session.query(Upload).order_by(Upload.id).all()
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        assert sweep_orphans(store=store()).rows == 1
        sweep_orphans(store=store())
    assert gone.name not in (names := set(store().names_before(clock.now() + timedelta(days=1))))
    assert kept.name in names


def test_words_under_a_picture_are_changed_and_personal_numbers_refused(
    writer: StrictClient, client: StrictClient, region: Region
) -> None:
    proposal = submitted(writer, sent(photo()))
    writer.get(page_of(region, proposal) + "/edit")
    caption = writer.page.xpath("//input[starts-with(@name,'caption-')]/@name")[0]
    assert writer.submit({caption: "900101-1234567"}, button="제출").status_code == 422
    assert writer.page.xpath(f"//input[@name='{caption}']/@value") == ["900101-1234567"]
    writer.submit({caption: "밤의 모습"}, button="제출")
    client.get(page_of(region, proposal))
    assert client.page.xpath("//*[@class='gallery']//img/@alt") == ["밤의 모습"]


def test_nobody_attaches_or_sees_the_kept_file_of_somebody_else(
    writer: StrictClient, sign_in: Any, region: Region, round_: Round
) -> None:
    writer.submit({"files": [sent(photo())]}, button="고른 파일 올리기")
    upload = db.session.query(Upload).one()
    address = f"/regions/{region.slug}/uploads/{ids.encode(upload.id)}"
    assert writer.get(address).status_code == writer.get(address + "/thumbnail").status_code == 200
    thief = sign_in(make_person())
    assert thief.get(address).status_code == thief.get(address + "/thumbnail").status_code == 404
    thief.get(f"/regions/{region.slug}/rounds/{ids.encode(round_.id)}/proposals/new")
    answer = thief.submit({**TYPED, "upload": ids.encode(upload.id)}, button="제출")
    assert answer.status_code == 422
    assert "없어졌습니다" in thief.text()
    assert db.session.query(Proposal).count() == 0


def test_files_of_a_hidden_proposal_are_hidden_with_it(
    writer: StrictClient, client: StrictClient, sign_in: Any, region: Region
) -> None:
    proposal = submitted(writer, sent(photo()))
    client.get(page_of(region, proposal))
    [address] = pictures(client)
    db.session.get_one(Proposal, (region.id, proposal.id)).visibility = Visibility.HIDDEN
    moderator = sign_in(make_officer(region.id, Role.MODERATOR))
    assert client.get(address).status_code == 404
    assert writer.get(address).status_code == moderator.get(address).status_code == 200


def test_a_file_is_not_reached_through_another_proposal(
    writer: StrictClient, client: StrictClient, region: Region, round_: Round
) -> None:
    proposal = submitted(writer, sent(photo()))
    other = make_proposal(round_)
    client.get(page_of(region, proposal))
    [address] = pictures(client)
    assert client.get(address.replace(ids.encode(proposal.id), ids.encode(other.id))).status_code == 404


def test_five_files_cost_a_proposals_page_one_statement_more_than_none(
    writer: StrictClient, client: StrictClient, region: Region, round_: Round, count_queries: Any
) -> None:
    bare = make_proposal(
        round_, title="경로당 문턱 없애기", summary="어르신이 걸려 넘어지는 문턱입니다.", body="문턱 " * 20
    )
    db.session.commit()
    addresses = [page_of(region, bare), page_of(region, submitted_beside(writer, bare))]
    counted = []
    for address in addresses:
        with count_queries() as queries:
            assert client.get(address).status_code == 200
        counted.append(len(queries))
    assert len(pictures(client)) == 5
    assert counted[0] + 1 == counted[1] <= 12


def submitted_beside(writer: StrictClient, other: Proposal) -> Proposal:
    files = [sent(encoded(drawing(20, 20)), f"{number}.jpg") for number in range(5)]
    writer.submit({**TYPED, "files": files}, button="제출")
    return db.session.query(Proposal).filter(Proposal.id != other.id).one()


def test_too_large_a_request_is_told_in_a_sentence(writer: StrictClient) -> None:
    answer = writer.post(
        writer.form(button="제출").get("action"),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(LARGEST_REQUEST + 1)},
    )
    assert answer.status_code == 413
    assert "합쳐 한 번에 61MB까지" in writer.text()


def test_files_by_the_hundred_are_slowed_down(writer: StrictClient) -> None:
    for _ in range(RATES[Limit.UPLOAD].amount // 5):
        files = [sent(encoded(drawing(8, 8)), f"{number}.jpg") for number in range(5)]
        writer.submit({"files": files, "upload": []}, button="고른 파일 올리기")
    answer = writer.submit({"files": [sent(photo())], "upload": []}, button="고른 파일 올리기")
    assert answer.status_code == 422
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize(
    "values", [{"upload": "../../x"}, {"upload": "0" * 5000}, {"upload": ["", "\0"], "drop": "<b>"}]
)
def test_mangled_numbers_of_files_are_no_files(writer: StrictClient, values: dict[str, Any]) -> None:
    writer.submit({**TYPED, **values}, button="제출")
    assert db.session.query(ProposalFile).count() == 0


def test_pictures_are_made_anew_before_the_writing_transaction(writer: StrictClient, monkeypatch: Any) -> None:
    """Else, on SQLite, every ballot would wait for the photo."""
    order: list[str] = []
    decode = Image.open

    def noting(*given: Any, **named: Any) -> Image.Image:
        order.append("decoded")
        return decode(*given, **named)

    def note(*_details: Any) -> None:
        order.append("written" if intends_to_write.get() else "read")

    monkeypatch.setattr(Image, "open", noting)
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        submitted(writer, sent(photo()))
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert "written" in order
    assert "written" not in order[: order.index("decoded")]
