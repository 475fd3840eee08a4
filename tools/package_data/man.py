#!/usr/bin/env python3
"""Writes aurald's manual pages: aurald(1), one for each subcommand, aurald.toml(5).

    man.py --binary aurald --date 2026-11-21 --output FOLDER

What they say comes from the binary (its help as JSON, the configuration's JSON Schema) and from the tables of docs/operations.md, so that
there is one place for each sentence.
"""

import argparse
import json
import pathlib
import re
import subprocess

import manual_command
import manual_configuration
from roff import Page, bold, literal, prose

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The daemon is the administrator's; the other commands are for everybody.
SECTIONS = {"run": 8}


def run(binary: str, *arguments: str) -> str:
    # An environment of its own: no AURALD_ variable of who builds may change what is written.
    return subprocess.run([binary, *arguments], check=True, capture_output=True, text=True, env={"LC_ALL": "C.UTF-8"}).stdout


def table(document: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading of a Markdown document, without its first two rows."""
    body = document.split(f"\n## {heading}\n", 1)[1]
    rows = re.search(r"(?:^\|.*\n)+", body, re.MULTILINE).group().splitlines()[2:]
    return [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in rows]


def overview(root: dict, commands: list[dict], date: str, version: str, operations: str) -> Page:
    page = Page("aurald", 1, date, version, root["abstract"])
    names = tuple(command["commandName"] for command in commands)
    page.section("SYNOPSIS")
    page.paragraph(f"{bold('aurald')} \\fIcommand\\fR [\\fIoptions\\fR]")
    page.section("DESCRIPTION")
    page.paragraph(prose(root["abstract"], names))
    examples = manual_command.description(page, root.get("discussion", ""), names)
    page.section("COMMANDS")
    for command in commands:
        name = command["commandName"]
        page.item(f"{bold(name)}, see {bold(f'aurald-{name}')}({SECTIONS.get(name, 1)})", prose(command["abstract"], names))
    page.section("OPTIONS")
    for option in root["arguments"] or manual_command.COMMON:
        manual_command.option(page, option, names)
    page.section('"EXIT STATUS"')
    page.paragraph("Those of sysexits.h. An error is one line on standard error that says what happened, where, and what to do.")
    for code, name, when in table(operations, "Exit codes"):
        page.item(f"{bold(code)}" + (f" ({literal(name)})" if name else ""), prose(when, names))
    page.section("ENVIRONMENT")
    page.item(
        bold("AURALD_SECTION_KEY"),
        prose("Sets a key of the configuration, for example AURALD_CAMERA_DEVICE; see aurald.toml(5). A variable that begins so and is no key is an error."),
    )
    page.item(f"{bold('NOTIFY_SOCKET')}, {bold('WATCHDOG_USEC')}, {bold('LISTEN_FDS')}", "The service manager's, see sd_notify(3) and sd_listen_fds(3).")
    page.item(bold("JOURNAL_STREAM"), "Where it is standard error, messages are written with the journal's priorities.")
    page.section("FILES")
    for what, where in table(operations, "Files"):
        page.item(prose(what), prose(where, names) + ".")
    if examples:
        page.section("EXAMPLES")
        page.example(examples)
    see_also(page, [*(f"aurald-{name}({SECTIONS.get(name, 1)})" for name in names), "aurald.toml(5)", "systemctl(1)"])
    return page


def see_also(page: Page, names: list[str]):
    page.section('"SEE ALSO"')
    page.paragraph(",\n".join(re.sub(r"^(.*)(\(\d\))$", lambda match: bold(match[1]) + match[2], name) for name in names))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--date", required=True)
    parser.add_argument("--output", required=True, type=pathlib.Path)
    options = parser.parse_args()
    operations = (ROOT / "docs/operations.md").read_text()
    root = json.loads(run(options.binary, "--experimental-dump-help"))["command"]
    version = run(options.binary, "--version").strip()
    schema = json.loads(run(options.binary, "check", "--schema"))
    dump = run(options.binary, "check", "--dump", "--config", "/dev/null")
    commands = [each for each in root["subcommands"] if each["shouldDisplay"] and each["commandName"] != "help"]
    names = tuple(command["commandName"] for command in commands)

    pages = {"aurald.1": overview(root, commands, options.date, version, operations)}
    for command in commands:
        name = command["commandName"]
        section = SECTIONS.get(name, 1)
        page = manual_command.page(command, names, section, options.date, version)
        related = manual_command.related(command, names)
        see_also(page, ["aurald(1)", *(f"aurald-{each}({SECTIONS.get(each, 1)})" for each in related), "aurald.toml(5)"])
        pages[f"aurald-{name}.{section}"] = page
    page = manual_configuration.page(schema, dump, options.date, version)
    see_also(page, ["aurald(1)", "aurald-check(1)", "aurald-run(8)", "aurald-devices(1)"])
    pages["aurald.toml.5"] = page

    options.output.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        (options.output / name).write_text(page.text)


if __name__ == "__main__":
    main()
