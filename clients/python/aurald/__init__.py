"""Client of aurald: live pixel masks of what makes a sound, or of what was pointed at."""

from .async_client import AsyncClient
from .backoff import Backoff
from .client import DEFAULT_PATH, Client
from .encoding import encode
from .errors import (
    AuraldError, BadRequest, Busy, ConnectionClosed, FormatError, FrameExpired, InternalError, MaskError, NoSuchObject, NotPermitted,
    ProtocolError, RequestError, ShuttingDown, Timeout, UnknownVerb, Unsupported,
)
from .events import Dropped, Error, Instance, Source, Unknown
from .masks import Mask, decode
from .parts import Picture, Sound, Spectrogram
from .records import Audio, Frame, Hello, Object
from .replies import Record, Reply, Status, read_record
from .requests import Request

__version__ = "0.1.0"

__all__ = [
    "AsyncClient", "Audio", "AuraldError", "Backoff", "BadRequest", "Busy", "Client", "ConnectionClosed", "DEFAULT_PATH", "Dropped", "Error",
    "FormatError", "Frame", "FrameExpired", "Hello", "Instance", "InternalError", "Mask", "MaskError", "NoSuchObject", "NotPermitted", "Object",
    "Picture", "ProtocolError", "Record", "Reply", "Request", "RequestError", "ShuttingDown", "Sound", "Source", "Spectrogram", "Status", "Timeout",
    "Unknown", "UnknownVerb", "Unsupported", "decode", "encode", "read_record",
]
