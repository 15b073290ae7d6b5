"""Uploaded files, each through the door of what it belongs to."""

from flask import Blueprint, Response

from civicvote.domain.allocations.queries_evidence import evidence_file
from civicvote.domain.proposals.queries_files import file_of_proposal
from civicvote.domain.uploads.queries import own_upload
from civicvote.web.auth import current_actor, signed_in_actor
from civicvote.web.scope import current_region
from civicvote.web.uploads import answer_with

files = Blueprint("files", __name__)

_PROPOSAL = "/regions/<slug>/proposals/<id:proposal_id>/files/<id:upload_id>"
_OWN = "/regions/<slug>/uploads/<id:upload_id>"
#: A reader's browser keeps what is public for a day, its sender's an hour.
_DAY, _HOUR = 86_400, 3_600


@files.get(_PROPOSAL)
def of_proposal(slug: str, proposal_id: int, upload_id: int) -> Response:
    upload = file_of_proposal(current_actor(), current_region().id, proposal_id, upload_id)
    return answer_with(upload, seconds=_DAY)


@files.get(f"{_PROPOSAL}/thumbnail")
def thumbnail_of_proposal(slug: str, proposal_id: int, upload_id: int) -> Response:
    upload = file_of_proposal(current_actor(), current_region().id, proposal_id, upload_id)
    return answer_with(upload, thumbnail=True, seconds=_DAY)


@files.get("/regions/<slug>/desk/payments/<id:disbursement_id>/files/<id:upload_id>")
def evidence(slug: str, disbursement_id: int, upload_id: int) -> Response:
    upload = evidence_file(signed_in_actor(), current_region().id, disbursement_id, upload_id)
    return answer_with(upload)


@files.get(_OWN)
def own(slug: str, upload_id: int) -> Response:
    return answer_with(own_upload(signed_in_actor(), current_region().id, upload_id), seconds=_HOUR)


@files.get(f"{_OWN}/thumbnail")
def own_thumbnail(slug: str, upload_id: int) -> Response:
    return answer_with(own_upload(signed_in_actor(), current_region().id, upload_id), thumbnail=True, seconds=_HOUR)
