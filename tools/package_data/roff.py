"""man(7) source: escaping, and the few macros that the pages use."""

import re
import textwrap


def escape(text: str) -> str:
    """Plain text as roff: backslashes, quotes that groff would make typographic, and what is not ASCII."""
    text = text.replace("\\", "\\e").replace("'", "\\(aq").replace("`", "\\(ga").replace("^", "\\(ha").replace("~", "\\(ti")
    text = "".join(c if ord(c) < 128 else f"\\[u{ord(c):04X}]" for c in text)
    # A period that begins a line would be a request.
    return "\\&" + text if text.startswith(".") else text


def literal(text: str) -> str:
    """What is typed: hyphens must stay minus signs, so that they can be searched for and copied."""
    return escape(text).replace("-", "\\-")


def bold(text: str) -> str:
    return f"\\fB{literal(text)}\\fR"


def italic(text: str) -> str:
    return f"\\fI{literal(text)}\\fR"


def prose(text: str, commands: tuple[str, ...] = ()) -> str:
    """A sentence. Options, names of AURALD_ variables, paths and `aurald COMMAND` are set as they are typed; so is Markdown's code."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
    typed = r"`[^`]+`|(?<![\w-])--?[a-z][\w-]*(?![\w])|AURALD_[A-Z_]+|(?<![\w.])/(?:etc|var|run|dev|usr)/[\w./-]*\w"
    if commands:
        typed += r"|\baurald (?:" + "|".join(commands) + r")\b"
    parts, end = [], 0
    for match in re.finditer(typed, text):
        parts += [escape(text[end : match.start()]), bold(match.group().strip("`"))]
        end = match.end()
    return ("".join(parts) + escape(text[end:])).strip()


class Page:
    """One page; `text` is its source."""

    def __init__(self, name: str, section: int, date: str, version: str, about: str):
        self.lines = [
            ".\\\" Made from the program's own help and schema by tools/package_data/man.py.",
            f'.TH "{name.upper()}" "{section}" "{date}" "aurald {version}" "aurald"',
            # Names of keys, verbs and files are not to be torn, nor their lines spread.
            ".nh",
            ".ad l",
            ".SH NAME",
            # whatis(1) wants one line, "name \\- what it is", which begins small and ends without a period.
            f"{literal(name)} \\- {prose(about[0].lower() + about[1:].rstrip('.'))}",
        ]

    def section(self, title: str):
        self.lines.append(f".SH {title}")

    def subsection(self, title: str):
        self.lines.append(f'.SS "{literal(title)}"')

    def paragraph(self, roff: str):
        # After a heading, .PP would be one macro too many.
        if not self.lines[-1].startswith((".SH", ".SS")):
            self.lines.append(".PP")
        self.lines.append(roff)

    def item(self, tag: str, *paragraphs: str):
        self.lines += [".TP", tag, paragraphs[0] or "\\&"]
        for paragraph in paragraphs[1:]:
            self.lines += [".IP", paragraph]

    def example(self, lines: list[str]):
        if not self.lines[-1].startswith((".SH", ".SS")):
            self.lines.append(".PP")
        self.lines += [".nf", ".RS 4", *(literal(line) or "\\&" for line in lines), ".RE", ".fi"]

    @property
    def text(self) -> str:
        wrapped, is_typed = [], False
        for line in "\n".join(self.lines).splitlines():
            is_typed = line == ".nf" or (is_typed and line != ".fi")
            if is_typed or line.startswith("."):
                wrapped.append(line)
            else:
                rows = textwrap.wrap(line, 79, break_long_words=False, break_on_hyphens=False)
                # A word that begins a row now may look like a request.
                wrapped += [row if row[0] not in ".'" else "\\&" + row for row in rows]
        return "\n".join(wrapped) + "\n"
