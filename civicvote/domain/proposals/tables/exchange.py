"""How proposals leave and enter as tables: the columns, their order, what a cell holds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from civicvote.domain.proposals.states import ProposalState
from civicvote.kernel.csv_cells import safe_cell

#: Under which the texts and figures of proposals may be used: Korea Open Government Licence, type 1 (attribution).
LICENCE = "KOGL-1.0"
LICENCE_ADDRESS = "https://www.kogl.or.kr/info/licenseType1.do"


class ExportColumn(StrEnum):
    """In the order of the table. The names are the same in both languages, so that programs can rely on them."""

    ID = "id"
    ADDRESS = "address"
    TITLE = "title"
    SUMMARY = "summary"
    BODY = "body"
    FIELD = "field"
    STATE = "state"
    DISTRICT = "district"
    DISTRICT_NAME = "district_name"
    PLACE = "place"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    AUTHOR = "author"
    SOURCE = "source"
    ENDORSEMENTS = "endorsements"
    COMMENTS = "comments"
    SUBMITTED_AT = "submitted_at"
    EDITED_AT = "edited_at"
    VERSION = "version"


@dataclass(frozen=True, slots=True)
class ExportedProposal:
    """What everybody may read of a proposal. ``author``: the display name; coordinates in millionths of a degree."""

    id: int
    key: str
    title: str
    summary: str
    body: str
    field_key: str
    state: ProposalState
    district_code: str | None
    district_name: str | None
    place: str
    latitude_e6: int | None
    longitude_e6: int | None
    author: str
    source: str
    endorsement_count: int
    comment_count: int
    submitted_at: datetime
    edited_at: datetime | None
    version: int

    def values(self, address: str) -> dict[str, str | int | None]:
        """One value a column, as JSON holds them. ``address``: of the proposal's page. Moments in ISO 8601, UTC."""
        return {
            ExportColumn.ID.value: self.key,
            ExportColumn.ADDRESS.value: address,
            ExportColumn.TITLE.value: self.title,
            ExportColumn.SUMMARY.value: self.summary,
            ExportColumn.BODY.value: self.body,
            ExportColumn.FIELD.value: self.field_key,
            ExportColumn.STATE.value: self.state.value,
            ExportColumn.DISTRICT.value: self.district_code,
            ExportColumn.DISTRICT_NAME.value: self.district_name,
            ExportColumn.PLACE.value: self.place,
            ExportColumn.LATITUDE.value: _degrees(self.latitude_e6),
            ExportColumn.LONGITUDE.value: _degrees(self.longitude_e6),
            ExportColumn.AUTHOR.value: self.author,
            ExportColumn.SOURCE.value: self.source,
            ExportColumn.ENDORSEMENTS.value: self.endorsement_count,
            ExportColumn.COMMENTS.value: self.comment_count,
            ExportColumn.SUBMITTED_AT.value: self.submitted_at.isoformat(timespec="seconds"),
            ExportColumn.EDITED_AT.value: self.edited_at.isoformat(timespec="seconds") if self.edited_at else None,
            ExportColumn.VERSION.value: self.version,
        }


def cell(value: str | int | None) -> str:
    """A value as a cell of CSV, before it is made safe: nothing is an empty cell."""
    return "" if value is None else str(value)


def original_cell(text: str) -> str:
    """What stood in a cell before ``safe_cell`` put an apostrophe there, so that an exported table comes back as it
    was."""
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text


def _degrees(millionths: int | None) -> str | None:
    """Decimal degrees, exact: a text, since a float would not be."""
    if millionths is None:
        return None
    sign, whole = ("-" if millionths < 0 else ""), abs(millionths)
    return f"{sign}{whole // 1_000_000}.{whole % 1_000_000:06}"
