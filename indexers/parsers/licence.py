"""Which licence a LICENSE or COPYING file holds, by phrases that only its text has."""

import re

_FILE = re.compile(
    r"(?!.*\.(?:pyi?|r|scala|java|sql|sh|[jt]sx?|json|ya?ml|ipynb|csv)$)(?:.*/)?(?:(?:un)?licen[cs]es?|copying(?:\.lesser)?|copyright|notice)(?:[-_.][\w.-]*)?$|"
    r"(?:.*/)?[\w.-]*[-_.]licen[cs]e(?:\.(?:txt|md|rst))?$",
    re.IGNORECASE,
)
_HEAD = 60_000
_TOP = 3000
_MARKS = " \t*#/;|>=~-"
_CREATIVE = re.compile(
    r"creative commons (?:legal code )?(?P<kind>attribution"
    r"(?:[- ](?:noncommercial|sharealike|noderivatives|noderivs))*)"
    r" (?P<version>\d\.\d)"
)
_CREATIVE_URL = re.compile(r"creativecommons\.org/licenses/(by(?:-nc)?(?:-sa|-nd)?)/(\d\.\d)")
_PARTS = {"noncommercial": "NC", "sharealike": "SA", "noderivatives": "ND", "noderivs": "ND"}
_GNU = re.compile(
    r"gnu (?P<kind>affero |lesser |library )?general public license,? version (?P<version>\d(?:\.\d)?)"
)
_NOTICE = re.compile(
    r"gnu (?P<kind>affero |lesser |library )?general public license,? as published by the "
    r"free software foundation[,;:]? (?:either )?version (?P<version>\d(?:\.\d)?)"
)
_LATER = re.compile(r"or \(?at your option\)? any later version")

_PHRASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Apache-2.0", ("apache license", "version 2.0, january 2004")),
    ("Apache-2.0", ("licensed under the apache license, version 2.0",)),
    ("MPL-2.0", ("mozilla public license", "2.0")),
    ("EPL-2.0", ("eclipse public license - v 2.0",)),
    ("EPL-1.0", ("eclipse public license - v 1.0",)),
    ("CC0-1.0", ("cc0 1.0 universal",)),
    ("Unlicense", ("this is free and unencumbered software released into the public domain",)),
    ("MIT-CMU", ("by obtaining, using, and/or copying this software and/or its associated documentation",)),
    ("PSF-2.0", ("python software foundation license version 2",)),
    ("BSL-1.0", ("boost software license - version 1.0",)),
    (
        "MIT-0",
        (
            "permission is hereby granted, free of charge",
            "without limitation the rights to use",
            "mit no attribution",
        ),
    ),
    (
        "MIT",
        (
            "permission is hereby granted, free of charge, to any person obtaining a copy",
            "the above copyright notice and this permission notice",
        ),
    ),
    (
        "ISC",
        (
            "permission to use, copy, modify, and/or distribute this software for any purpose",
            "the above copyright notice and this permission notice appear in all copies",
        ),
    ),
    (
        "ISC",
        (
            "permission to use, copy, modify, and distribute this software for any purpose",
            "the above copyright notice and this permission notice appear in all copies",
        ),
    ),
    (
        "BSD-3-Clause",
        ("redistribution and use in source and binary forms", "to endorse or promote products derived"),
    ),
    (
        "BSD-2-Clause",
        ("redistribution and use in source and binary forms", "redistributions in binary form must"),
    ),
)
"""SPDX identifiers with phrases that must all be there; of two that fit at one place the first wins."""


def is_licence(path: str) -> bool:
    """Whether the name is that of a licence file."""
    return _FILE.match(path) is not None


def licence_of(path: str, text: str) -> str:
    """The SPDX identifier of a licence file's text; empty where the name or the text is that of none.

    The GNU licences are `-only` as a bare text: whether later versions are allowed is said elsewhere.
    """
    if not is_licence(path):
        return ""
    head = text[:_HEAD]
    if marked := re.search(r"SPDX-License-Identifier:\s*([A-Za-z0-9.+-]+)(?=\s|\*|$)", head[:2000]):
        return marked.group(1)
    words = " ".join(line.strip(_MARKS) for line in head.splitlines()).split()
    plain = " ".join(words).casefold().replace("licence", "license")
    return _gnu(plain) or _phrase(plain) or _creative(plain)


def _phrase(plain: str) -> str:
    """The licence that starts first: those of bundled code come later in the file."""
    fitting = [
        (plain.find(phrases[0]), name)
        for name, phrases in _PHRASES
        if -1 < plain.find(phrases[0]) < _TOP // 2 and all(phrase in plain for phrase in phrases)
    ]
    return min(fitting, key=lambda pair: pair[0])[1] if fitting else ""


def _gnu(plain: str) -> str:
    """The title of a GNU licence stands at the top; further down another licence may name it."""
    notice = _NOTICE.search(plain[:_TOP])
    found = notice or _GNU.search(plain[:_TOP])
    if found is None or "mozilla public license" in plain[:200] or "eclipse public license" in plain[:200]:
        return ""
    kind = {"affero ": "AGPL", "lesser ": "LGPL", "library ": "LGPL"}.get(found.group("kind") or "", "GPL")
    version = found.group("version")
    version = version if "." in version else f"{version}.0"
    later = notice is not None and _LATER.search(plain, notice.end(), notice.end() + 200) is not None
    return f"{kind}-{version}-{'or-later' if later else 'only'}"


def _creative(plain: str) -> str:
    if named := _CREATIVE.search(plain):
        parts = [_PARTS[word] for word in re.split(r"[- ]", named.group("kind"))[1:]]
        return "-".join(["CC-BY", *parts, named.group("version")])
    if linked := _CREATIVE_URL.search(plain):
        return f"CC-{linked.group(1).upper()}-{linked.group(2)}"
    return ""
