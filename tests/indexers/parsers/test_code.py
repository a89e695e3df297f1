"""Source files of any language: which it is, how bytes become text, what never happens."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexers.parsers.code import LANGUAGES, analyse, language_of, parse

SAMPLES = {
    "python": """import pandas as pd


def rides(day):
    '''Rides.'''
    return pd.read_csv(f"data/{day}.csv")
""",
    "r": """library(dplyr)
#' Rides.
rides <- function(day) read_csv(paste0('data/', day, '.csv')) |> filter(x)
""",
    "scala": """import a.b.{C, D => E}
object Rides { def f(x: Int) = spark.read.format("csv").load(s"data/$x.csv") }
""",
    "java": """import a.B;
/** Rides. */
class Rides { int f() { return spark.sql("select 1 from a.b where c = " + t); } }
""",
    "sql": """CREATE VIEW mart.v AS WITH a AS (SELECT * FROM `raw.t`)
SELECT * FROM a, {{ ref('b') }} -- end
""",
    "shell": """# Rides.
rides() { psql -c "select * from raw.rides" | sort > out.csv; }
bq query 'select 1' <<EOF
x
EOF
""",
}


@pytest.mark.parametrize(
    ("path", "head", "language"),
    [
        ("jobs/rides.py", b"", "python"),
        ("stubs/rides.PYI", b"", "python"),
        ("R/rides.R", b"", "r"),
        ("src/Rides.scala", b"", "scala"),
        ("src/Rides.java", b"", "java"),
        ("mart/rides.sql", b"", "sql"),
        ("bin/load.bash", b"", "shell"),
        ("bin/load", b"#!/bin/sh\n", "shell"),
        ("bin/load", b"#!/usr/bin/env -S python3.11 -u\n", "python"),
        ("bin/model", b"#!/usr/bin/Rscript --vanilla\n", "r"),
        ("bin/load", b"import x\n", ""),
        ("notes.txt", b"#!/bin/sh\n", ""),
        (".sh", b"", ""),
    ],
)
def test_a_language_is_known_by_ending_or_first_line(path: str, head: bytes, language: str) -> None:
    assert language_of(path, head) == language


def test_every_language_has_an_ending_and_a_sample_here() -> None:
    assert set(LANGUAGES.values()) == set(SAMPLES)


def test_a_file_gives_its_facet_and_its_text() -> None:
    parsed = parse("jobs/rides.py", SAMPLES["python"].encode())
    assert parsed.facet is not None
    assert (parsed.facet.language, parsed.facet.lines, parsed.facet.imports) == ("python", 6, ("pandas",))
    assert parsed.facet.bytes == len(SAMPLES["python"])
    assert parsed.text == SAMPLES["python"]
    assert parsed.faults == ()


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse("a.py", b"\xef\xbb\xbfx = 1\n").text == "x = 1\n"
    assert parse("a.sql", "select 1".encode("utf-16")).text == "select 1"


def test_a_declared_coding_is_used() -> None:
    parsed = parse("a.py", "# -*- coding: cp1252 -*-\nname = 'café €'\n".encode("cp1252"))
    assert "café €" in parsed.text
    assert parsed.faults == ()


@pytest.mark.parametrize("coding", ["zlib", "no-such-coding", "undefined", "rot13"])
def test_a_declared_coding_that_is_none_falls_back_to_latin_1_with_a_fault(coding: str) -> None:
    parsed = parse("a.py", f"# coding: {coding}\n# caf\xe9\n".encode("latin-1"))
    assert "café" in parsed.text
    assert [fault.code for fault in parsed.faults] == ["text_not_utf8"]
    assert parsed.facet is not None


def test_binary_data_under_the_name_of_code_is_a_fault() -> None:
    parsed = parse("a.py", b"\x80\x04\x95\0\0")
    assert parsed.facet is None
    assert [(fault.code, fault.place) for fault in parsed.faults] == [("code_is_binary", "a.py")]


def test_a_file_over_the_limit_is_a_fault_and_one_that_is_only_long_keeps_its_text() -> None:
    assert [fault.code for fault in parse("a.py", b"x = 1\n" * 10, max_bytes=20).faults] == ["code_too_large"]
    long = parse("a.py", b"f(1)\n" * 120_000)
    assert [fault.code for fault in long.faults] == ["code_not_analysed"]
    assert long.facet is not None
    assert long.facet.lines == 120_000
    assert len(long.text) == 600_000


def test_a_file_of_no_known_language_gives_nothing() -> None:
    assert parse("a.txt", b"x").facet is None


@pytest.mark.parametrize("language", SAMPLES)
def test_half_a_file_is_read_as_far_as_it_goes(language: str) -> None:
    whole = analyse(language, SAMPLES[language])
    assert whole.complete
    assert whole.reads
    broken = analyse(language, SAMPLES[language] + "\n((( <<<<<<< HEAD\n'")
    assert not broken.complete
    assert set(whole.reads) <= set(broken.reads)


@pytest.mark.parametrize("language", SAMPLES)
def test_nesting_without_end_is_read_in_bounds(language: str) -> None:
    for text in ("(" * 50_000, "f(" * 4_000 + ")" * 4_000, "x." * 4_000, "{{" * 20_000, "'\"`" * 20_000):
        assert analyse(language, text).definitions == ()


def test_a_text_that_takes_too_long_is_a_fault_and_keeps_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexers.parsers.code.language.MAX_SECONDS", 0.05)
    endless = "f(" * 20_000 + ")" * 20_000
    assert not analyse("scala", endless).complete
    parsed = parse("a.scala", endless.encode())
    assert parsed.text == endless
    assert [fault.code for fault in parsed.faults] == ["code_not_analysed"]


@pytest.mark.parametrize("language", SAMPLES)
def test_no_text_makes_a_parser_raise(language: str) -> None:
    sample = SAMPLES[language]
    marks = ["(", ")", '"', "'", "`", "{{", "%}", "\n", "\\", "é", "\ufffc", "<<<<<<< HEAD"]
    pieces = st.lists(st.sampled_from([*sample.split(" "), *marks])).map(" ".join)
    places = st.integers(0, len(sample))
    cuts = st.tuples(places, places, st.sampled_from(marks)).map(
        lambda cut: sample[: cut[0]] + cut[2] + sample[cut[1] :]
    )

    @settings(max_examples=100, deadline=None)
    @given(text=st.one_of(st.text(), pieces, cuts))
    def holds(text: str) -> None:
        found = analyse(language, text)
        assert all(one.first_line <= one.last_line for one in found.definitions)
        assert len(found.reads) == len(set(found.reads))

    holds()


@settings(max_examples=80, deadline=None)
@given(
    data=st.binary(),
    name=st.sampled_from(["a.py", "a.r", "a.scala", "a.java", "a.sql", "a.sh", "a", "a.txt"]),
)
def test_no_bytes_make_a_file_raise(data: bytes, name: str) -> None:
    parsed = parse(name, data)
    assert parsed.facet is None or PurePosixPath(name).suffix in LANGUAGES or data.startswith(b"#!")
    assert all(fault.code and fault.place == name and fault.message.endswith(".") for fault in parsed.faults)
