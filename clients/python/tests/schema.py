"""A validator for the keywords that docs/protocol.schema.json and docs/recording.schema.json use, and no others."""

from __future__ import annotations

import json
import re
from typing import Any

from support import REPOSITORY

PATH = REPOSITORY / "docs" / "protocol.schema.json"
ROOT: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
RECORDING_PATH = PATH.with_name("recording.schema.json")
RECORDING: dict[str, Any] = json.loads(RECORDING_PATH.read_text(encoding="utf-8"))

_NOTES = {"$schema", "$defs", "title", "description", "contentEncoding"}
_TYPES: dict[str, Any] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "integer": lambda value: not isinstance(value, bool) and (isinstance(value, int) or isinstance(value, float) and value.is_integer()),
}


def faults(value: Any, schema: dict[str, Any], where: str = "") -> list[str]:
    """What is wrong with a value; nothing where it is valid. Raises `KeyError` on a keyword that it does not know."""
    found: list[str] = []
    for keyword, argument in schema.items():
        if keyword not in _NOTES and not (keyword == "additionalProperties" and "properties" in schema):
            found += _KEYWORDS[keyword](value, argument, where)
    if isinstance(value, dict) and schema.get("additionalProperties") is False:
        found += [f"{where}.{name}: unknown" for name in value if name not in schema["properties"]]
    return found


def record_faults(line: bytes) -> list[str]:
    """What is wrong with a line of the daemon."""
    return faults(json.loads(line), {"$ref": "#/$defs/record"})


def recording_faults(value: Any, name: str) -> list[str]:
    """What is wrong with a `line` of a recording's records, or with its `index`."""
    return faults(value, {"$ref": f"recording.schema.json#/$defs/{name}"})


def placed(schema: Any, document: str) -> Any:
    """A schema whose references name their document."""
    if isinstance(schema, list):
        return [placed(each, document) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: document + value if key == "$ref" and value.startswith("#") else placed(value, document) for key, value in schema.items()}


def _reference(value: Any, name: str, where: str) -> list[str]:
    document, _, definition = name.partition("#/$defs/")
    return faults(value, _DEFINITIONS[document or PATH.name][definition], where)


def _type(value: Any, names: Any, where: str) -> list[str]:
    names = [names] if isinstance(names, str) else names
    return [] if any(_TYPES[name](value) for name in names) else [f"{where}: {value!r} is no {' or '.join(names)}"]


def _equal(left: Any, right: Any) -> bool:
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def _enum(value: Any, values: list[Any], where: str) -> list[str]:
    return [] if any(_equal(value, each) for each in values) else [f"{where}: {value!r} is none of {values}"]


def _properties(value: Any, schemas: dict[str, Any], where: str) -> list[str]:
    if not isinstance(value, dict):
        return []
    return [fault for name, schema in schemas.items() if name in value for fault in faults(value[name], schema, f"{where}.{name}")]


def _required(value: Any, names: list[str], where: str) -> list[str]:
    return [f"{where}.{name}: missing" for name in names if isinstance(value, dict) and name not in value]


def _dependent(value: Any, names: dict[str, list[str]], where: str) -> list[str]:
    return [fault for name, needed in names.items() if isinstance(value, dict) and name in value for fault in _required(value, needed, where)]


def _items(value: Any, schema: dict[str, Any], where: str) -> list[str]:
    if not isinstance(value, list):
        return []
    return [fault for index, each in enumerate(value) for fault in faults(each, schema, f"{where}[{index}]")]


def _bound(kind: Any, measure: Any, is_right: Any, word: str) -> Any:
    def check(value: Any, bound: Any, where: str) -> list[str]:
        if not kind(value) or is_right(measure(value), bound):
            return []
        return [f"{where}: {word} {bound}"]

    return check


def _at_least(value: Any, bound: Any) -> bool:
    return bool(value >= bound)


def _at_most(value: Any, bound: Any) -> bool:
    return bool(value <= bound)


def _same(value: Any) -> Any:
    return value


def _pattern(value: Any, pattern: str, where: str) -> list[str]:
    # `$` of JSON Schema is the end of the string, and Python's stands before a last line feed too.
    is_right = not isinstance(value, str) or re.search(pattern.replace("$", r"\Z"), value) is not None
    return [] if is_right else [f"{where}: {value!r} is not {pattern}"]


def _all(value: Any, schemas: list[dict[str, Any]], where: str) -> list[str]:
    return [fault for schema in schemas for fault in faults(value, schema, where)]


def _any(value: Any, schemas: list[dict[str, Any]], where: str) -> list[str]:
    tries = [faults(value, schema, where) for schema in schemas]
    return [] if [] in tries else [f"{where}: none of {tries}"]


def _one(value: Any, schemas: list[dict[str, Any]], where: str) -> list[str]:
    tries = [faults(value, schema, where) for schema in schemas]
    return [] if tries.count([]) == 1 else [f"{where}: {tries.count([])} fit instead of one: {tries}"]


def _not(value: Any, schema: dict[str, Any], where: str) -> list[str]:
    return [] if faults(value, schema, where) else [f"{where}: must not be {schema}"]


_KEYWORDS: dict[str, Any] = {
    "$ref": _reference, "type": _type, "enum": _enum, "const": lambda value, only, where: _enum(value, [only], where),
    "properties": _properties, "required": _required, "dependentRequired": _dependent, "items": _items, "pattern": _pattern,
    "minimum": _bound(_TYPES["number"], _same, _at_least, "at least"), "maximum": _bound(_TYPES["number"], _same, _at_most, "at most"),
    "minItems": _bound(_TYPES["array"], len, _at_least, "items: at least"), "maxItems": _bound(_TYPES["array"], len, _at_most, "items: at most"),
    "minLength": _bound(_TYPES["string"], len, _at_least, "length: at least"),
    "maxLength": _bound(_TYPES["string"], len, _at_most, "length: at most"),
    "allOf": _all, "anyOf": _any, "oneOf": _one, "not": _not,
}

_DEFINITIONS: dict[str, Any] = {PATH.name: ROOT["$defs"], RECORDING_PATH.name: placed(RECORDING["$defs"], RECORDING_PATH.name)}
