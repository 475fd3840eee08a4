"""aurald.toml(5), from the JSON Schema of the configuration and, for the order of its keys, from `aurald check --dump`."""

import json
import re

from roff import Page, bold, prose

LAYERS = [
    ("/etc/aurald/aurald.toml", "which need not be there, or the file that --config names"),
    ("conf.d/*.toml", "in the folder of that file, in the order of the names' bytes"),
    ("AURALD_SECTION_KEY", "in the environment, for example AURALD_CAMERA_DEVICE"),
    ("-o section.key=value", "on the command line, as often as needed"),
]


def order(dump: str) -> list[tuple[str, list[str]]]:
    """Sections with their keys as the dump has them."""
    sections: list[tuple[str, list[str]]] = []
    for line in dump.splitlines():
        if header := re.fullmatch(r"\[(\w+)\]", line):
            sections.append((header[1], []))
        elif sections and (key := re.match(r"(?:# )?(\w+) (?:=|is not set)", line)):
            sections[-1][1].append(key[1])
    return sections


def takes(schema: dict) -> str:
    """What a value may be, in words."""
    if "anyOf" in schema:
        return " or ".join(takes(each) for each in schema["anyOf"])
    if "enum" in schema:
        values = [json.dumps(each) for each in schema["enum"]]
        return values[0] if len(values) == 1 else ", ".join(values[:-1]) + " or " + values[-1]
    kind = {"boolean": "true or false", "integer": "a whole number", "number": "a number", "string": "a string", "array": "a list"}[schema["type"]]
    if schema["type"] == "array":
        least, most = schema.get("minItems", 0), schema["maxItems"]
        return f"{kind} of {most if least == most else f'{least} to {most}'}: {takes(schema['items'])}"
    if "minimum" in schema:
        kind += f" from {schema['minimum']} to {schema['maximum']}"
    if "pattern" in schema:
        kind += f" that matches {schema['pattern']}"
    return kind


def key(page: Page, name: str, schema: dict):
    facts = [f"Takes {takes(schema)}."]
    if "default" in schema:
        facts.append(f"Default: {json.dumps(schema['default'])}.")
    elif schema.get("x-reload"):
        facts.append("Not set by default.")
    if schema.get("x-reload") == "restart":
        facts.append("Needs a restart.")
    page.item(bold(name), prose(schema.get("description", "")), prose(" ".join(facts)))


def page(schema: dict, dump: str, date: str, version: str) -> Page:
    page = Page("aurald.toml", 5, date, version, "configuration of aurald")
    page.section("SYNOPSIS")
    page.paragraph(bold("/etc/aurald/aurald.toml"))
    page.section("DESCRIPTION")
    page.paragraph(
        f"TOML, at most 1 MiB a file. Every key has a default or is optional, so that an empty file is valid. {bold('aurald check')} says whether "
        "it is right: an unknown key, a value of the wrong type or one out of range stops the start with exit status 78 and a line that names file, "
        "line and key."
    )
    page.paragraph("Layers, from the weakest to the strongest; what a later one sets counts:")
    for where, what in LAYERS:
        page.item(bold(where), prose(what))
    page.paragraph(
        f"SIGHUP ({bold('systemctl reload aurald')}) reads all layers again, all or nothing. Keys that need a restart are taken over at the next start."
    )
    known = schema["properties"]
    sections = order(dump)
    if missing := set(known) - {"prompt"} - {name for name, _ in sections}:
        raise SystemExit(f"man: error: aurald check --dump does not show the sections {sorted(missing)}")
    page.section("KEYS")
    for name, keys in sections:
        page.subsection(f"[{name}]")
        if missing := set(known[name]["properties"]) ^ set(keys):
            raise SystemExit(f"man: error: [{name}]: {sorted(missing)} is in the schema or in the dump alone")
        for each in keys:
            key(page, each, known[name]["properties"][each])
    page.subsection("[[prompt]]")
    page.paragraph("An object to follow from the first frame on; may be given again. Those of a later file replace all those of earlier ones.")
    for each, its in known["prompt"]["items"]["properties"].items():
        key(page, each, its)
    page.section("EXAMPLES")
    page.example(
        ["[camera]", 'device = "usb:046d:0826"   # as aurald devices prints it', "", "[model]", 'path = "/var/lib/aurald/model"', 'precision = "bf16"', "",
         "[[prompt]]", "object_id = 1", "box = [0.3, 0.2, 0.7, 0.8]"]
    )
    page.section("FILES")
    page.item(bold("/etc/aurald/aurald.toml"), "As installed it has every key with its default.")
    page.item(bold("/etc/aurald/conf.d/"), "For what differs from it.")
    return page
