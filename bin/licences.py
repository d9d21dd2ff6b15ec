"""Write LICENCES.md: the parts of the site that others made, and their licences.

    python bin/licences.py           write the page (`make licences`)
    python bin/licences.py --check   exit with status 1 if the page is out of date

The licence of a package is read from its metadata and given by its SPDX name. A package without a licence, or with one
that is not listed in this file, is an error: somebody has to check it and add it here.
"""

import re
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "LICENCES.md"
# The packages that every site needs, and those that only some sites need.
PINNED = ("requirements.txt", "requirements-s3.txt")

# Licences that can be combined with code under any licence, including the site's own. Each of them permits use, change
# and redistribution, and requires at most that changes to the part itself be passed on under the part's licence.
COMPATIBLE = {
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-2-Clause-Views",
    "BSD-3-Clause",
    "CC-BY-SA-3.0",  # style files, used unchanged
    "LGPL-3.0-or-later",  # used unchanged, as a library that anybody can replace
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-1.1",
    "MPL-2.0",
    "OFL-1.1",
}

# Names of licences that packages use instead of SPDX names.
_SPOKEN = {
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "LGPL with exceptions": "LGPL-3.0-or-later",
}
# Packages with incomplete metadata, and the licence according to the file in the package (read on 26 November 2026).
_READ = {
    "fido2": ("BSD-2-Clause", "its metadata also name Apache-2.0 and MPL-2.0, of files that it ships with"),
    "python-dateutil": ("Apache-2.0 AND BSD-3-Clause", "“Dual License”: its older parts stand under the second alone"),
    "qrcode": (
        "BSD-3-Clause AND MIT",
        "“Other/Proprietary” in its metadata is the MIT licence of the code it came from",
    ),
}
# Never installed on a Linux with the Python of Debian 12 or newer, so their metadata cannot be read there.
_ELSEWHERE = {"async-timeout": "Apache-2.0", "colorama": "BSD-3-Clause", "tzdata": "Apache-2.0"}

# Later versions of CKEditor (“LTS”) are sold under other terms. A test reads the version in the file that is served.
EDITOR = "4.22.1"

_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


class UnknownLicence(Exception):
    """Raised for a part whose licence is unknown or is not on the list of compatible licences."""


@dataclass(frozen=True)
class Part:
    """A part of the site that others made: its name, its version, its licence as an SPDX expression, and a remark."""

    name: str
    version: str
    licence: str
    remark: str = ""


def pinned(text: str) -> list[tuple[str, str]]:
    """Return the name (in lower case) and version of each package that the text of a requirements file pins."""
    return [(match[1].lower(), match[2]) for match in _PIN.finditer(text)]


def licence_of(name: str) -> tuple[str, str]:
    """Return the licence of a package as an SPDX expression, and a remark.

    Raise UnknownLicence if the package is not installed or its metadata name no compatible licence.
    """
    if name in _READ:
        return _READ[name]
    try:
        told = metadata(name)
    except PackageNotFoundError:
        if name in _ELSEWHERE:
            return _ELSEWHERE[name], "not installed on Debian"
        raise UnknownLicence(f"{name} is not installed here, so nobody says what its licence is.") from None
    classified = [each for each in told.get_all("Classifier") or [] if each.startswith("License :: ")]
    for said in (told.get("License-Expression"), told.get("License"), classified[0] if len(classified) == 1 else None):
        said = _SPOKEN.get(said or "", said or "")
        if said and refused(said) is None:
            return said, ""
    said = f"{told.get('License')!r} and {classified}"
    raise UnknownLicence(f"{name} says {said}: read its licence, and add it to {Path(__file__).name}.")


def refused(expression: str) -> str | None:
    """Return a licence in an SPDX expression that is not compatible, or None if the expression is compatible.

    If alternatives are joined by OR, one of them has to be compatible.
    """
    for alternative in re.split(r"\s+OR\s+", expression):
        wrong = [each for each in re.split(r"\s+AND\s+", alternative.strip("() ")) if each not in COMPATIBLE]
        if not wrong:
            return None
    return wrong[0]


def vendored() -> list[Part]:
    """Return the parts that are not packages: fonts, citation styles, and the editor in django-ckeditor."""
    return [
        Part("Source Serif, as Betterment Serif", "4", "OFL-1.1", "`static/fonts/OFL.txt`"),
        Part(
            "APA, Vancouver and AMA styles of the Citation Style Language",
            "1.0.2",
            "CC-BY-SA-3.0",
            "`sources/citation_styles/README.md`",
        ),
        Part(
            "CKEditor, in django-ckeditor", EDITOR, "MPL-1.1", "at our choice; or GPL-2.0-or-later, LGPL-2.1-or-later"
        ),
    ]


def page(packages: list[Part], others: list[Part]) -> str:
    """Return the text of LICENCES.md."""
    lines = [
        "# Licences of what the site is made of",
        "",
        "Written by `make licences` from the metadata of the packages that `requirements.txt` and",
        "`requirements-s3.txt` pin. A test compares this file with them, and each licence with the list of",
        "compatible ones in `bin/licences.py`. Packages needed only by the tests (`requirements-test.txt`) are not",
        "part of the site.",
        "",
        "The wheels of Pillow, psycopg2, cryptography and granian contain compiled libraries by others (libwebp,",
        "libpq, OpenSSL…), whose licences are in the folders of these packages. The rest comes from Debian: Python,",
        "PostgreSQL, nginx, Redis.",
        "",
        "| part | version | licence | |",
        "| --- | --- | --- | --- |",
        *(f"| {part.name} | {part.version} | {part.licence} | {part.remark} |" for part in (*packages, *others)),
    ]
    return "\n".join(lines) + "\n"


def written() -> str:
    """Return the text that LICENCES.md should have now.

    Raise UnknownLicence if the licence of a part is unknown or not compatible.
    """
    packages: dict[str, Part] = {}
    for file in PINNED:
        for name, version in pinned((ROOT / file).read_text(encoding="utf-8")):
            licence, remark = licence_of(name)
            if file != PINNED[0]:
                remark = f"only with `{file}`" + (f"; {remark}" if remark else "")
            packages.setdefault(name, Part(name, version, licence, remark))
    others = vendored()
    for part in (*packages.values(), *others):
        if wrong := refused(part.licence):
            raise UnknownLicence(f"{part.name} stands under {wrong}, which is not on the list of compatible licences.")
    return page([*packages.values()], others)


if __name__ == "__main__":
    if "--check" in sys.argv:
        if PAGE.read_text(encoding="utf-8") != written():
            sys.exit("LICENCES.md is not what requirements.txt says. Run: make licences")
    else:
        PAGE.write_text(written(), encoding="utf-8")
