"""Files in forms, and files as answers.

Browsers don't keep chosen files when a form comes back. So what was sent is kept at once as the sender's own, and the
form carries its number; only a refused form loses the files that came with that very request. Files are made anew while
the form is read, which is before the view's transaction begins: construct a form with files first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import structlog
from flask import Response, make_response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage

from civicvote.domain.uploads.errors import TooManyFiles, UnknownUpload, UploadNotYours
from civicvote.domain.uploads.images import MAX_BYTES as PICTURE_BYTES
from civicvote.domain.uploads.kinds import MediaType
from civicvote.domain.uploads.models import Upload
from civicvote.domain.uploads.papers import MAX_BYTES as PAPER_BYTES
from civicvote.domain.uploads.queries import own_uploads
from civicvote.domain.uploads.remade import Remade
from civicvote.domain.uploads.rules import FILES_AT_ONE_THING, Described
from civicvote.domain.uploads.services import keep_upload
from civicvote.domain.uploads.store import Store, thumbnail_of
from civicvote.domain.uploads.taking import LONGEST, remake
from civicvote.domain.uploads.titles import ENDINGS
from civicvote.kernel import ids
from civicvote.kernel.actor import Actor
from civicvote.kernel.errors import Refusal
from civicvote.web.auth import signed_in_actor
from civicvote.web.forms import Form
from civicvote.web.messages import sentence
from civicvote.web.scope import current_region
from civicvote.web.settings import settings
from civicvote.web.throttle import Limit, spend

log = structlog.get_logger("civicvote.uploads")

#: What a file picker offers; what is taken decides the content.
ACCEPT = ",".join([*MediaType, ".jpg", ".jpeg", ".png", ".webp", ".pdf"])


def store() -> Store:
    """Where this installation keeps uploads."""
    return Store(settings().uploads_url, settings().uploads_options)


class FilesField(MultipleFileField):
    """Chosen files. Data: each as it will be kept; errors name the file that was refused."""

    data: list[Remade]

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = []
        sent = [each for each in valuelist if isinstance(each, FileStorage) and each.filename]
        if len(sent) > FILES_AT_ONE_THING:
            self._refuse(TooManyFiles(limit=FILES_AT_ONE_THING))
            return
        for each in sent:
            try:
                spend(Limit.UPLOAD, signed_in_actor().person_id)
                self.data.append(remake(each.stream.read(LONGEST + 1), name=each.filename or ""))
            except Refusal as refusal:
                self._refuse(refusal)
        if self.process_errors and len(sent) > 1:
            self.process_errors.append(_("None of the files chosen now was kept. Choose the others once more."))

    def _refuse(self, refusal: Refusal) -> None:
        self.process_errors.append(sentence(refusal))


@dataclass(frozen=True, slots=True)
class Attachment:
    """A kept file on a form, with what is typed under it."""

    upload: Upload
    caption: str
    #: Where it lies beside the thing it belongs to; empty while it is its sender's alone.
    address: str = ""

    @property
    def key(self) -> str:
        return ids.encode(self.upload.id)

    @property
    def url(self) -> str:
        return self.address or url_for("files.own", slug=current_region().slug, upload_id=self.upload.id)


class FormWithFiles(Form):
    """A form that carries kept files: hidden ``upload`` numbers, each with a ``caption-…``, and ``drop`` ticked."""

    files = FilesField(_l("Pictures and papers"))
    accept = ACCEPT
    most_files = FILES_AT_ONE_THING
    picture_megabytes = PICTURE_BYTES // 1024**2
    paper_megabytes = PAPER_BYTES // 1024**2
    _kept_now: frozenset[int] | set[int] = frozenset()
    _standing: Mapping[int, Attachment] = MappingProxyType({})

    @property
    def wants_files_only(self) -> bool:
        """Whether the button (or the choice of files itself) asked to keep files, and nothing else."""
        return request.method == "POST" and request.form.get("step") == "attach"

    @cached_property
    def attachments(self) -> list[Attachment]:
        """What the form carries, as far as the sender holds it or it stands beside the thing already."""
        if request.method != "POST":
            return []
        captions = self._carried()
        sent = [each for each in captions if each not in self._standing]
        known = {each.id: Attachment(each, "") for each in own_uploads(signed_in_actor(), current_region().id, sent)}
        known |= self._standing
        return [replace(known[each], caption=caption) for each, caption in captions.items() if each in known]

    def knows(self, standing: Iterable[Attachment]) -> None:
        """What stands beside the thing, whoever sent it: the form may bring it back. Call before its files are read."""
        self._standing = {each.upload.id: each for each in standing}

    @staticmethod
    def _carried() -> dict[int, str]:
        """The captions typed under the numbers that the form brought, less the dropped ones; at most as many as stand
        at one thing and the one too many that is refused."""
        dropped = set(request.form.getlist("drop"))
        carried = {}
        for key in request.form.getlist("upload")[: FILES_AT_ONE_THING + 1]:
            try:
                number = ids.decode(key)
            except ValueError:
                continue
            if key not in dropped:
                carried[number] = request.form.get(f"caption-{key}", "")
        return carried

    def carry(self, attachments: list[Attachment]) -> None:
        """Show these instead: what stands beside the thing when its form is opened."""
        self.attachments = attachments

    def keep_files(self, actor: Actor) -> None:
        """Keep what was chosen now and carry it too. Raises ``TooManyFiles``."""
        chosen = self.files.data or []
        if len(self.attachments) + len(chosen) > FILES_AT_ONE_THING:
            raise TooManyFiles(limit=FILES_AT_ONE_THING)
        here, storage = current_region().id, store()
        kept = [Attachment(keep_upload(actor=actor, region_id=here, file=file, store=storage), "") for file in chosen]
        self.files.data, self._kept_now = [], {each.upload.id for each in kept}
        self.carry([*self.attachments, *kept])

    def attach_only(self, actor: Actor) -> None:
        """What the button for files asks: keep them, whatever the rest of the form looks like."""
        self.files.errors = list(self.files.process_errors)
        if not self.files.errors:
            with self.refusals():
                self.keep_files(actor)

    @property
    def described(self) -> list[Described]:
        """The kept files for the service. Raises ``UploadNotYours`` where one that the form carried is gone."""
        known = {each.upload.id for each in self.attachments}
        if not self._carried().keys() <= known:
            raise UploadNotYours
        return [Described(each.upload.id, each.caption) for each in self.attachments]

    def tell_what_was_lost(self) -> None:
        """A refused request leaves nothing behind, files that came with it included. Call before the form is shown."""
        lost = bool(self.files.data) or bool(self._kept_now)
        if not lost or not self.errors:
            return
        self.carry([each for each in self.attachments if each.upload.id not in self._kept_now])
        if not self.files.process_errors:
            told = _("The files chosen now were not kept, since the form was refused. Choose them once more.")
            self.files.errors = [*self.files.errors, told]


def answer_with(upload: Upload, *, thumbnail: bool = False, seconds: int = 0) -> Response:
    """The file as an answer that no browser runs or shows as a page: saved, or shown by an ``img``.

    Only the reader's own browser keeps it, for ``seconds``: what is taken away is gone for everybody else at once.
    """
    small = thumbnail and upload.has_thumbnail
    response = make_response()
    response.mimetype = upload.media_type
    response.headers["Content-Disposition"] = _saved_as(upload)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.cache_control.private = True
    if seconds:
        response.cache_control.max_age = seconds
    else:
        response.cache_control.no_store = True
    response.set_etag(f"{upload.sha256}{'-thumbnail' if small else ''}")
    response.make_conditional(request)
    if response.status_code != 304:
        response.set_data(_bytes_of(upload, small))
    return response


def _bytes_of(upload: Upload, small: bool) -> bytes:
    try:
        return store().read(thumbnail_of(upload.name) if small else upload.name)
    except FileNotFoundError:
        log.error("an upload without its file", upload=upload.id)
        raise UnknownUpload from None


def _saved_as(upload: Upload) -> str:
    """RFC 6266: the name in UTF-8, and one in ASCII for what does not know better."""
    return f"attachment; filename=\"file{ENDINGS[upload.media_type]}\"; filename*=UTF-8''{quote(upload.title, safe='')}"
