"""Reads lines as JSON, and single fields with their types and ranges. Whatever is wrong is a `ProtocolError` that names the field."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable
from typing import Any, TypeVar, Union

from .errors import ProtocolError

#: Brackets and braces of a line nest at most so deep.
MAXIMUM_DEPTH = 16
#: The largest whole number that every JSON parser keeps exactly.
MAXIMUM_INTEGER = (1 << 53) - 1
_MAXIMUM_64_BIT = (1 << 63) - 1
_Value = TypeVar("_Value")


def parse_line(line: bytes) -> dict[str, Any]:
    """The JSON object in one line of UTF-8."""
    try:
        value = json.loads(line.decode("utf-8"), parse_int=_integer, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"a line is not valid JSON: {error}") from None
    if not isinstance(value, dict):
        raise ProtocolError("a line is not a JSON object")
    if not _is_shallow(value):
        raise ProtocolError(f"a line nests more than {MAXIMUM_DEPTH} levels")
    return value


def _integer(digits: str) -> int:
    # Before it is parsed: that takes the square of the number of digits.
    if len(digits) > 20:
        raise ValueError("a number has more than 20 digits")
    return int(digits)


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(MAXIMUM_DEPTH):
        inner: list[Any] = []
        for each in level:
            inner.extend(each.values() if isinstance(each, dict) else each)
        level = [each for each in inner if isinstance(each, (dict, list))]
        if not level:
            return True
    return False


class Fields:
    """The fields of one JSON object. `where` names it in messages."""

    def __init__(self, values: Any, where: str) -> None:
        if not isinstance(values, dict):
            raise ProtocolError(f"{where} must be an object")
        self._values = values
        self._where = where

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self._values.get(name) is not None

    def optional(self, read: Callable[[str], _Value], name: str) -> Union[_Value, None]:
        """What `read`, one of the methods below, makes of the field; None where it is missing or null."""
        return read(name) if self.has(name) else None

    def inner(self, name: str) -> Fields:
        """A field that is an object itself."""
        return Fields(self._value(name), f"{self._where}.{name}")

    def array(self, name: str) -> list[Any]:
        """A field that is an array, of anything."""
        value = self._value(name)
        if not isinstance(value, list):
            raise self._fault(name, "an array")
        return value

    def objects(self, name: str) -> list[Fields]:
        """A field that is an array of objects."""
        return [Fields(value, f"{self._where}.{name}[{index}]") for index, value in enumerate(self.array(name))]

    def integer(self, name: str, minimum: int = 0, maximum: int = MAXIMUM_INTEGER) -> int:
        """A whole number within `minimum`…`maximum`."""
        return self._whole(name, self._value(name), minimum, maximum)

    def nanoseconds(self, name: str) -> int:
        """A whole number of 64 bits with a sign."""
        return self.integer(name, -_MAXIMUM_64_BIT - 1, _MAXIMUM_64_BIT)

    def integers(self, name: str, count: int | None = None) -> tuple[int, ...]:
        """An array of whole numbers from 0 on; `count` of them, or any number."""
        values = self.array(name)
        if count is not None and len(values) != count:
            raise self._fault(name, f"an array of {count} numbers")
        return tuple(self._whole(name, value, 0, MAXIMUM_INTEGER) for value in values)

    def size(self, name: str = "size") -> tuple[int, int]:
        """(height, width) in pixels."""
        height, width = self.integers(name, 2)
        return height, width

    def number(self, name: str) -> float:
        """A finite number."""
        return self._number(name, self._value(name))

    def numbers(self, name: str, count: int) -> tuple[float, ...]:
        """An array of so many finite numbers."""
        return self._numbers(name, self._value(name), count)

    def points(self, name: str) -> tuple[tuple[float, float], ...]:
        """An array of [x, y]."""
        pairs = (self._numbers(f"{name}[{index}]", value, 2) for index, value in enumerate(self.array(name)))
        return tuple((x, y) for x, y in pairs)

    def flag(self, name: str) -> bool:
        """true or false."""
        value = self._value(name)
        if type(value) is not bool:
            raise self._fault(name, "true or false")
        return value

    def text(self, name: str) -> str:
        """A string."""
        return self._text(name, self._value(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """An array of strings."""
        return tuple(self._text(name, value) for value in self.array(name))

    def base64(self, name: str) -> bytes:
        """Bytes in base64 (RFC 4648, with padding)."""
        text = self.text(name)
        try:
            data = base64.b64decode(text, validate=True)
        except ValueError:
            raise self._fault(name, "base64") from None
        # Before Python 3.11 padding that is too much passes, which the length shows.
        if len(text) % 4:
            raise self._fault(name, "base64 with as much padding as it needs")
        return data

    def _value(self, name: str) -> Any:
        value = self._values.get(name)
        if value is None:
            raise ProtocolError(f"{self._where}.{name} is missing")
        return value

    def _whole(self, name: str, value: Any, minimum: int, maximum: int) -> int:
        # 7.0 is a whole number in JSON, and true is none.
        if type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is not int or not minimum <= value <= maximum:
            raise self._fault(name, f"a whole number within {minimum}…{maximum}")
        return value

    def _number(self, name: str, value: Any) -> float:
        if type(value) not in (int, float) or not math.isfinite(value):
            raise self._fault(name, "a number")
        return float(value)

    def _numbers(self, name: str, values: Any, count: int) -> tuple[float, ...]:
        if not isinstance(values, list) or len(values) != count:
            raise self._fault(name, f"an array of {count} numbers")
        return tuple(self._number(f"{name}[{index}]", value) for index, value in enumerate(values))

    def _text(self, name: str, value: Any) -> str:
        if type(value) is not str:
            raise self._fault(name, "a string")
        if not value.isascii():
            try:
                # JSON can escape half of a surrogate pair, which then fails wherever it is printed.
                value.encode("utf-8")
            except UnicodeEncodeError:
                raise self._fault(name, "valid Unicode") from None
        return value

    def _fault(self, name: str, wanted: str) -> ProtocolError:
        return ProtocolError(f"{self._where}.{name} must be {wanted}")
