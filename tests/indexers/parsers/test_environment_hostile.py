"""Environment files that are broken or meant to break something."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexers.parsers.environment import parse
from tests.indexers.parsers import test_environment as samples

PAIRS = zip("abcdefgh", "bcdefghi", strict=True)
LAUGHS = "a: &a [x]\n" + "\n".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in PAIRS
)
ENTITIES = '<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><project>&b;</project>'

FILES = {
    "requirements.txt": "pandas[sql]>=2 ; python_version > '3' --hash=sha256:1\n-e git+https://x/y#egg=z\n",
    "pyproject.toml": '[project]\ndependencies = ["click>=8.1"]\n[tool.poetry.dependencies]\na = "1"\n',
    "environment.yml": "dependencies:\n  - numpy=1.26=x\n  - pip:\n    - rich\n",
    "poetry.lock": samples.POETRY_LOCK,
    "uv.lock": samples.UV_LOCK,
    "Pipfile": samples.PIPFILE,
    "Pipfile.lock": samples.PIPFILE_LOCK,
    "setup.cfg": samples.SETUP_CFG,
    "renv.lock": samples.RENV_LOCK,
    "DESCRIPTION": samples.DESCRIPTION,
    "build.sbt": samples.BUILD_SBT,
    "pom.xml": samples.POM,
    "build.gradle": samples.GRADLE,
    "Dockerfile": samples.DOCKERFILE,
    "devcontainer.json": samples.DEVCONTAINER,
    ".python-version": "3.11\n",
    "runtime.txt": "python-3.11\n",
}


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("environment.yml", LAUGHS, "yaml_too_many_aliases"),
        ("environment.yml", "dependencies: " + "[" * 500, "yaml_too_deep"),
        ("environment.yml", "dependencies: !!python/object/apply:os.system [ls]", "environment_unreadable"),
        ("environment.yml", "- a\n", "environment_unreadable"),
        ("pom.xml", ENTITIES, "xml_forbidden"),
        ("pom.xml", "<project><dependencies>", "environment_unreadable"),
        ("uv.lock", "[[package]\n", "environment_unreadable"),
        ("pyproject.toml", "a = " + "[" * 5000, "environment_unreadable"),
        ("pyproject.toml", "a." * 200_000 + "a = 1", "toml_too_deep"),
        ("renv.lock", "[" * 100_000, "environment_unreadable"),
        ("setup.cfg", "no section\n", "environment_unreadable"),
        ("Dockerfile", "RUN ls\n", "environment_unreadable"),
        ("devcontainer.json", "{]", "environment_unreadable"),
        ("requirements.txt", "a" * 600_000, "environment_too_large"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_named_fault(path: str, text: str, code: str) -> None:
    parsed = parse(path, text.encode())
    assert parsed.facet is None
    assert [(fault.code, fault.place) for fault in parsed.faults] == [(code, path)]
    assert parsed.faults[0].message.endswith(".")


def test_a_broken_line_is_a_fault_with_its_place_and_the_rest_is_read() -> None:
    parsed = parse("requirements.txt", b"rich\n\n!!broken\nclick\n")
    assert parsed.facet is not None
    assert [one.name for one in parsed.facet.packages] == ["rich", "click"]
    assert [(fault.code, fault.place) for fault in parsed.faults] == [
        ("requirement_unreadable", "requirements.txt:3")
    ]


def test_a_thousand_broken_lines_do_not_bury_the_report() -> None:
    assert len(parse("requirements.txt", b"!!\n" * 1000).faults) == 20


def test_bytes_that_are_no_utf_8_are_read_with_a_fault() -> None:
    parsed = parse("requirements.txt", b"rich # caf\xe9\n")
    assert parsed.facet is not None
    assert [one.name for one in parsed.facet.packages] == ["rich"]
    assert [fault.code for fault in parsed.faults] == ["text_not_utf8"]


def test_a_windows_editor_may_have_saved_it() -> None:
    parsed = parse("requirements.txt", "rich\r\nclick\r\n".encode("utf-16"))
    assert parsed.facet is not None
    assert [one.name for one in parsed.facet.packages] == ["rich", "click"]


@pytest.mark.parametrize("path", FILES)
def test_no_bytes_make_a_format_raise(path: str) -> None:
    sample = FILES[path]
    marks = st.sampled_from(
        ["[", "]", "{", "}", '"', "'", "\n", "\\", ":", "<", ">", "&a", "*a", "é", "\0", "=", "  "]
    )
    places = st.integers(0, len(sample))
    cuts = st.tuples(places, places, marks).map(lambda cut: sample[: cut[0]] + cut[2] + sample[cut[1] :])

    @settings(max_examples=100, deadline=None)
    @given(data=st.one_of(st.binary(), st.text().map(str.encode), cuts.map(str.encode)))
    def holds(data: bytes) -> None:
        parsed = parse(path, data)
        assert all(fault.code and fault.place.startswith(path) for fault in parsed.faults)
        if parsed.facet is not None:
            assert all(one.name for one in parsed.facet.packages)

    holds()
