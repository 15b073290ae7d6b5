"""What uploads refuse. ``name`` in the values is what the sender called the file."""

from civicvote.kernel.errors import Conflict, Invalid, NotFound


class UnknownUpload(NotFound):
    code = "unknown_upload"


class UploadNotYours(Conflict):
    """A form carries a file that its sender does not hold: swept meanwhile, or somebody else's."""

    code = "upload_not_yours"
    field = "files"


class FileKindNotTaken(Invalid):
    """By its content it is neither JPEG, PNG, WebP nor PDF."""

    code = "file_kind_not_taken"
    field = "files"


class FileTooLarge(Invalid):
    """More than ``limit`` MB."""

    code = "file_too_large"
    field = "files"


class FileBroken(Invalid):
    """It begins like a picture or a paper, but can't be read to its end."""

    code = "file_broken"
    field = "files"


class PictureTooManyPixels(Invalid):
    """More than ``limit`` million pixels."""

    code = "picture_too_many_pixels"
    field = "files"


class PaperEncrypted(Invalid):
    """A password or a restriction keeps us from looking inside."""

    code = "paper_encrypted"
    field = "files"


class PaperTooLong(Invalid):
    """More than ``limit`` pages."""

    code = "paper_too_long"
    field = "files"


class TooManyFiles(Invalid):
    """More than ``limit`` on one thing."""

    code = "too_many_files"
    field = "files"


class CaptionTooLong(Invalid):
    """More than ``limit`` characters."""

    code = "caption_too_long"
    field = "files"
