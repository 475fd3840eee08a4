"""What can go wrong, as exceptions. All of them are `AuraldError`."""

from __future__ import annotations


class AuraldError(Exception):
    """Any failure that this package raises by itself."""


class ConnectionClosed(AuraldError, ConnectionError):
    """There is no connection: nobody listens, the daemon has gone, or `close` was called."""


class Timeout(AuraldError, TimeoutError):
    """What was waited for did not come in time. The connection stays; a reply that comes later is thrown away."""


class ProtocolError(AuraldError):
    """What came is no record of this protocol. The connection is closed, as nothing behind it can be trusted."""


class MaskError(AuraldError, ValueError):
    """Run lengths or pixels that do not fit their size."""


class FormatError(AuraldError, ValueError):
    """Sound in a format of a later version. Its bytes are there, but this package cannot tell samples in them."""


class RequestError(AuraldError):
    """The daemon's `error` record in answer to a request, or to the connection itself. Codes of later versions are this class."""

    #: The protocol's code. The set is closed within a version.
    code: str = ""

    def __init__(self, message: str, code: str | None = None) -> None:
        if code is not None:
            self.code = code
        super().__init__(f"{self.code}: {message}")
        #: The daemon's one line: which field, and what to do.
        self.message = message

    @staticmethod
    def of(code: str, message: str) -> RequestError:
        """The exception for a code."""
        kind = _KINDS.get(code)
        return RequestError(message, code) if kind is None else kind(message)


class BadRequest(RequestError):
    """A field is missing, wrong or unknown, or the prompt is impossible."""

    code = "bad_request"


class UnknownVerb(RequestError):
    """The daemon's version does not have the verb."""

    code = "unknown_verb"


class FrameExpired(RequestError):
    """`seq` is not the frame that was published last, or there has been none yet."""

    code = "frame_expired"


class NoSuchObject(RequestError):
    """No object has this number; or it is 0, and nothing sounds."""

    code = "no_such_object"


class Busy(RequestError):
    """All client places are taken, too many requests wait, or too many objects are followed."""

    code = "busy"


class NotPermitted(RequestError):
    """The verb changes something, and this user is not in the clients' group."""

    code = "not_permitted"


class ShuttingDown(RequestError):
    """The daemon is ending."""

    code = "shutting_down"


class Unsupported(RequestError):
    """The model that runs cannot do it."""

    code = "unsupported"


class InternalError(RequestError):
    """A fault of the daemon."""

    code = "internal"


_KINDS: dict[str, type[RequestError]] = {
    kind.code: kind
    for kind in (BadRequest, UnknownVerb, FrameExpired, NoSuchObject, Busy, NotPermitted, ShuttingDown, Unsupported, InternalError)
}
