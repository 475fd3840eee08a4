"""The page of a subcommand, from swift-argument-parser's help as JSON (`--experimental-dump-help`)."""

import re

from roff import Page, bold, italic, prose

# The JSON leaves out what every program has.
COMMON = [
    {"kind": "flag", "names": [{"kind": "long", "name": "version"}], "abstract": "Show the version."},
    {"kind": "flag", "names": [{"kind": "short", "name": "h"}, {"kind": "long", "name": "help"}], "abstract": "Show help information."},
]


def spelled(name: dict) -> str:
    return ("-" if name["kind"] == "short" else "--") + name["name"]


def flags(option: dict) -> list[str]:
    """All spellings, short ones first."""
    return sorted((spelled(name) for name in option["names"]), key=len)


def parts(command: dict) -> list[dict]:
    """The command itself, or its own subcommands where it has some."""
    inner = [each for each in command.get("subcommands", []) if each["commandName"] != "help"]
    return [{**each, "commandName": f"{command['commandName']} {each['commandName']}"} for each in inner] or [command]


def options(command: dict) -> list[dict]:
    """What the command takes, with --x and --no-x as the two spellings of one."""
    shown: list[dict] = []
    for each in command.get("arguments", []):
        if each["kind"] == "positional":
            if each["shouldDisplay"]:
                shown.append(each)
        elif shown and "preferredName" in shown[-1] and each["kind"] == "flag" and spelled(each["preferredName"]) == "--no-" + shown[-1]["preferredName"]["name"]:
            shown[-1] = {**shown[-1], "names": shown[-1]["names"] + each["names"], "other": spelled(each["preferredName"])}
        elif each["shouldDisplay"]:
            shown.append(each)
    return shown


def option(page: Page, option: dict, commands: tuple[str, ...]):
    """A list item: how it is spelled, what it does, what it takes, its default."""
    value = f" {italic(option['valueName'])}" if option["kind"] == "option" else ""
    sentences = [option.get("abstract", "")]
    values = option.get("allValues", [])
    if values and not all(re.search(rf"(?<!\w){re.escape(each)}(?!\w)", sentences[0]) for each in values):
        sentences.append(f"One of {', '.join(values)}.")
    default = option.get("defaultValue")
    if default is not None and default != "" and default not in ("false", "[]"):
        sentences.append(f"Default: {default}.")
    head = italic(option["valueName"]) if option["kind"] == "positional" else ", ".join(map(bold, flags(option))) + value
    page.item(head, prose(" ".join(filter(None, sentences)), commands))


def synopsis(command: dict) -> str:
    """The command with all that it takes; [ ] around what may be left out."""
    words = [bold(f"aurald {command['commandName']}")]
    for each in options(command):
        if each["kind"] == "positional":
            word = italic(each["valueName"])
            words.append((f"[{word}]" if each["isOptional"] else word) + (" ...\\&" if each["isRepeating"] else ""))
            continue
        if each["preferredName"]["name"] in ("version", "help"):
            continue
        word = bold(spelled(each["preferredName"])) + (f" {italic(each['valueName'])}" if each["kind"] == "option" else "")
        word += f" | {bold(each['other'])}" if "other" in each else ""
        words.append(f"[{word}]" if each["isOptional"] else word)
        if each["isRepeating"]:
            words[-1] += " ...\\&"
    return "\n".join(words)


def description(page: Page, discussion: str, commands: tuple[str, ...]) -> list[str]:
    """Writes a discussion's paragraphs and returns the lines of its examples, which begin with "Example:" or "Examples:"."""
    examples: list[str] = []
    for block in re.split(r"\n[ \t]*\n", discussion.strip("\n")):
        lines = block.splitlines()
        start = re.match(r"Examples?:\s*(.*)", lines[0]) if lines else None
        if start:
            # Either on lines of their own or from the first line on; further lines of one example are indented more than its first.
            rest = lines[1:]
            least = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
            examples += ([start[1]] if start[1] else []) + [line[least:] for line in rest]
            continue
        text: list[str] = []
        typed: list[str] = []
        for line in lines:
            (typed if line.startswith("  ") else text).append(line)
        if text:
            page.paragraph("\n.br\n".join(prose(line, commands) for line in text))
        if typed:
            page.example([line[2:] for line in typed])
    return examples


def page(command: dict, commands: tuple[str, ...], section: int, date: str, version: str) -> Page:
    name = command["commandName"]
    page = Page(f"aurald-{name}", section, date, version, command["abstract"])
    page.section("SYNOPSIS")
    for part in parts(command):
        page.paragraph(synopsis(part))
    page.section("DESCRIPTION")
    page.paragraph(prose(command["abstract"], commands))
    examples = description(page, command.get("discussion", ""), commands)
    for part in parts(command):
        if part is not command:
            page.section('"' + part["commandName"].upper() + '"')
            page.paragraph(prose(part["abstract"], commands))
            examples += description(page, part.get("discussion", ""), commands)
        else:
            page.section("OPTIONS")
        for each in options(part):
            option(page, each, commands)
    page.section('"EXIT STATUS"')
    page.paragraph(f"0 where all went well, else a code of sysexits.h; {bold('aurald')}(1) has the table.")
    if not examples:
        raise SystemExit(f"man: error: the help of aurald {name} has no example")
    page.section("EXAMPLES")
    page.example(examples)
    return page


def related(command: dict, commands: tuple[str, ...]) -> list[str]:
    """The other commands that its help names."""
    texts = [command["abstract"], command.get("discussion", ""), *(each.get("abstract", "") for each in command.get("arguments", []))]
    named = re.findall(r"\baurald ([a-z]+)\b", " ".join(texts))
    return [each for each in commands if each in named and each != command["commandName"]]
