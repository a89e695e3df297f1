"""Licence files and the SPDX identifiers of their texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexers.parsers.licence import licence_of

MIT = """MIT License

Copyright (c) 2024 Wheels

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software. The above copyright notice and this permission notice shall be included.
"""
ISC = """Permission to use, copy, modify, and/or distribute this software for any purpose is granted,
provided that the above copyright notice and this permission notice appear in all copies."""
BSD = """Redistribution and use in source and binary forms are permitted.
Redistributions in binary form must reproduce this."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MIT, "MIT"),
        ("                Apache License\n        Version 2.0, January 2004\n", "Apache-2.0"),
        (BSD, "BSD-2-Clause"),
        (
            f"{BSD} Neither the name may be used\n   to endorse or promote products derived from it.",
            "BSD-3-Clause",
        ),
        ("GNU GENERAL PUBLIC LICENSE\n   Version 2, June 1991", "GPL-2.0-only"),
        ("GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007", "GPL-3.0-only"),
        ("GNU LESSER GENERAL PUBLIC LICENSE\n   Version 2.1, February 1999", "LGPL-2.1-only"),
        ("GNU AFFERO GENERAL PUBLIC LICENSE\n   Version 3, 19 November 2007", "AGPL-3.0-only"),
        ("Mozilla Public License Version 2.0\n==================================", "MPL-2.0"),
        ("Eclipse Public License - v 2.0", "EPL-2.0"),
        ("Creative Commons Legal Code\n\nCC0 1.0 Universal", "CC0-1.0"),
        (
            "Attribution 4.0 International\n\nCreative Commons Attribution 4.0 International Public",
            "CC-BY-4.0",
        ),
        ("Creative Commons Attribution-ShareAlike 4.0 International", "CC-BY-SA-4.0"),
        ("Creative Commons Legal Code\n\nAttribution-NonCommercial-NoDerivs 3.0 Unported", "CC-BY-NC-ND-3.0"),
        ("This is free and unencumbered software released into the public domain.", "Unlicense"),
        (ISC, "ISC"),
        ("All rights reserved. Ask Olga.", ""),
    ],
)
def test_a_licence_is_known_by_its_text(text: str, expected: str) -> None:
    assert licence_of("LICENSE", text) == expected


def test_a_notice_that_allows_later_versions_says_so() -> None:
    notice = (
        "under the terms of the GNU General Public License as published by the Free Software Foundation, "
        "either version 3 of the License, or\n(at your option) any later version."
    )
    assert licence_of("COPYING", notice) == "GPL-3.0-or-later"


def test_the_licence_of_bundled_code_further_down_is_not_that_of_the_project() -> None:
    assert (
        licence_of("LICENSE", f"{MIT}{'-' * 80}\nBundled:\nApache License Version 2.0, January 2004") == "MIT"
    )


@pytest.mark.parametrize(
    "path", ["LICENSE", "COPYING", "docs/LICENSE.md", "LICENCE.txt", "LICENSE-CODE", "COPYING.LESSER"]
)
def test_licence_files_go_by_many_names(path: str) -> None:
    assert licence_of(path, MIT) == "MIT"


@pytest.mark.parametrize("path", ["README.md", "licences.py", "sql/license_plates.sql"])
def test_a_file_of_another_name_has_no_licence_to_read(path: str) -> None:
    assert licence_of(path, MIT) == ""


@given(text=st.text())
def test_any_text_has_an_identifier_or_none(text: str) -> None:
    assert isinstance(licence_of("LICENSE", text), str)
