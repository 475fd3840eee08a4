#!/usr/bin/env python3
"""Writes the package's copyright file (machine-readable) and gathers the notices of what is linked in.

    copyright.py --checkouts FOLDER --resolved Package.resolved --openvino FOLDER --output FOLDER
"""

import argparse
import json
import pathlib
import re
import shutil
import textwrap

APPLE = "Apple Inc. and the Swift project authors"
# What `swift build` links into the binary: its copyright and licence. A package that is not here stops the packaging.
LINKED = {
    "flyingfox": ("2022 Simon Whitty", "MIT"),
    "swift-argument-parser": (f"2020-2026 {APPLE}", "Apache-2.0 with Swift exception"),
    "swift-async-algorithms": (f"2022-2026 {APPLE}", "Apache-2.0 with Swift exception"),
    "swift-atomics": (f"2020-2026 {APPLE}", "Apache-2.0 with Swift exception"),
    "swift-collections": (f"2021-2026 {APPLE}", "Apache-2.0 with Swift exception"),
    "swift-log": ("2018-2026 Apple Inc. and the SwiftLog project authors", "Apache-2.0"),
    "swift-nio": ("2017-2026 Apple Inc. and the SwiftNIO project authors", "Apache-2.0"),
    "swift-protobuf": ("2014-2026 Apple Inc. and the project authors", "Apache-2.0 with Swift exception"),
    "swift-service-lifecycle": ("2019-2026 Apple Inc. and the ServiceLifecycle project authors", "Apache-2.0"),
    "swift-system": (f"2020-2026 {APPLE}", "Apache-2.0 with Swift exception"),
    "tomlkit": ("2024 Jeff Lebrun", "MIT"),
}
# What comes inside these and with the compiler.
INSIDE = [
    ("Swift's runtime, Foundation and Dispatch", f"2008-2026 {APPLE}", "Apache-2.0 with Swift exception"),
    ("ICU, inside Foundation", "1991-2026 Unicode Inc", "Unicode-3.0"),
    ("toml++, inside TOMLKit", "Mark Gillard", "MIT"),
    ("llhttp, inside swift-nio", "2018 Fedor Indutny", "MIT"),
]

EXCEPTION = """\
 As an exception, if you use this Software to compile your source code and
 portions of this Software are embedded into the binary product as a result,
 you may redistribute such product without providing attribution as would
 otherwise be required by Sections 4(a), 4(b) and 4(d) of the License."""

UNICODE = """\
 Permission is hereby granted, free of charge, to any person obtaining a copy
 of data files and any associated documentation (the "Data Files") or software
 and any associated documentation (the "Software") to deal in the Data Files or
 Software without restriction, including without limitation the rights to use,
 copy, modify, merge, publish, distribute, and/or sell copies of the Data Files
 or Software, and to permit persons to whom the Data Files or Software are
 furnished to do so, provided that either (a) this copyright and permission
 notice appear with all copies of the Data Files or Software, or (b) this
 copyright and permission notice appear in associated Documentation.
 .
 THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF ANY
 KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
 MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT OF THIRD
 PARTY RIGHTS.
 .
 IN NO EVENT SHALL THE COPYRIGHT HOLDER OR HOLDERS INCLUDED IN THIS NOTICE BE
 LIABLE FOR ANY CLAIM, OR ANY SPECIAL INDIRECT OR CONSEQUENTIAL DAMAGES, OR ANY
 DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
 ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN
 CONNECTION WITH THE USE OR PERFORMANCE OF THE DATA FILES OR SOFTWARE.
 .
 Except as contained in this notice, the name of a copyright holder shall not
 be used in advertising or otherwise to promote the sale, use or other dealings
 in these Data Files or Software without prior written authorization of the
 copyright holder."""

APACHE = " On Debian systems the text is in /usr/share/common-licenses/Apache-2.0."


def permission(text: str) -> str:
    """The permission of an MIT licence file, without its title and copyright lines, as a field's body."""
    body = text[text.index("Permission is hereby granted") :]
    return "\n".join(" " + (line.strip() or ".") for line in body.strip().splitlines())


def stanza(**fields: str) -> str:
    return "\n".join(f"{name.replace('_', '-')}: {value}" for name, value in fields.items()) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("checkouts", "resolved", "openvino", "output"):
        parser.add_argument("--" + name, required=True, type=pathlib.Path)
    options = parser.parse_args()
    pins = {pin["identity"]: pin["state"]["version"] for pin in json.loads(options.resolved.read_text())["pins"]}
    if set(pins) != set(LINKED):
        raise SystemExit(f"copyright: error: say in copyright.py under which licence these are: {sorted(set(pins) ^ set(LINKED))}")
    folders = {folder.name.lower(): folder for folder in options.checkouts.iterdir()}
    parts = [(f"{name} {pins[name]}", *LINKED[name]) for name in sorted(LINKED)] + INSIDE

    options.output.mkdir(parents=True, exist_ok=True)
    notices = options.output / "notices"
    notices.mkdir(exist_ok=True)
    for name in LINKED:
        for notice in folders[name].glob("NOTICE*"):
            shutil.copyfile(notice, notices / f"{name}.txt")
    for notice in options.openvino.glob("*third-party-programs.txt"):
        (notices / f"openvino-{notice.name}").write_text(western(notice))

    holders = ["2026 the aurald authors"] + list(dict.fromkeys(holder for _, holder, _ in parts))
    licences = sorted({licence for _, _, licence in parts} | {"Apache-2.0"})
    linked = "\n".join(
        textwrap.fill(f"{name}: {licence}, copyright {holder}.", 78, initial_indent=" ", subsequent_indent="  ") for name, holder, licence in parts
    )
    libraries = "usr/lib/x86_64-linux-gnu/aurald"
    see = " Notices of what is inside are in /usr/share/doc/aurald/notices."
    (options.output / "copyright").write_text(
        "\n".join(
            [
                stanza(Format="https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/", Upstream_Name="aurald"),
                stanza(Files="*", Copyright="2026 the aurald authors", License="Apache-2.0"),
                stanza(
                    Files="usr/bin/aurald",
                    Copyright="\n ".join(holders),
                    License=" and ".join(licences),
                    Comment=f"Besides aurald itself these are linked into the program:\n{linked}\n{see}",
                ),
                stanza(
                    Files=f"{libraries}/libopenvino*",
                    Copyright="2018-2026 Intel Corporation",
                    License="Apache-2.0",
                    Comment=f"OpenVINO's libraries from its wheel on PyPI, unchanged.\n{see}",
                ),
                stanza(
                    Files=f"{libraries}/libtbb*",
                    Copyright="2005-2026 Intel Corporation",
                    License="Apache-2.0",
                    Comment=f"oneTBB, of the same wheel.\n{see}",
                ),
                stanza(
                    Files=f"{libraries}/libhwloc*",
                    Copyright="2004-2016 Indiana University, University of Tennessee, HLRS, University of California, CNRS, Inria and others",
                    License="BSD-3-Clause",
                    Comment=f"hwloc, of the same wheel.\n{see}",
                ),
                stanza(License=f"Apache-2.0\n{APACHE}"),
                stanza(License=f"Apache-2.0 with Swift exception\n{APACHE}\n .\n{EXCEPTION}"),
                stanza(License="MIT\n" + permission((folders["flyingfox"] / "LICENSE").read_text())),
                stanza(License=f"Unicode-3.0\n{UNICODE}"),
                stanza(License="BSD-3-Clause\n" + bsd(western(options.openvino / "onetbb_third-party-programs.txt"))),
            ]
        )
    )


def western(path: pathlib.Path) -> str:
    """A text in UTF-8, or, as some of OpenVINO's are, in Latin-1."""
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return path.read_text("latin-1")


def bsd(notices: str) -> str:
    """hwloc's licence, out of oneTBB's notices: from its first condition to the end of the disclaimer."""
    entry = notices[notices.index("(hwloc)") :]
    match = re.search(r"Redistribution and use in source.*?POSSIBILITY OF SUCH DAMAGE\.", entry, re.DOTALL)
    return "\n".join(" " + (line.strip() or ".") for line in match.group().splitlines())


if __name__ == "__main__":
    main()
