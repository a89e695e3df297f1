"""Environment files: what they ask for, what they pin, what they stand on."""

import pytest

from indexers.parsers.environment import is_environment, parse

Row = tuple[str, str, str, str]


def read(path: str, text: str) -> tuple[str, str, str, list[Row]]:
    """(manager, ecosystem, base, packages) of a file that must be read without a fault."""
    parsed = parse(path, text.encode())
    assert parsed.faults == ()
    assert parsed.facet is not None
    rows = [(one.name, one.constraint, one.pinned, one.group) for one in parsed.facet.packages]
    return parsed.facet.manager, parsed.facet.ecosystem, parsed.facet.base, rows


def test_requirements_are_read_as_pip_reads_them() -> None:
    text = """# the models
-r base.txt
--index-url https://user:secret@index.example.org/simple
Pandas[sql, excel]>=2,<3 ; python_version >= "3.9"  # why
numpy==1.26.4 \\
    --hash=sha256:0123 \\
    --hash=sha256:4567
scikit_learn ~= 1.4
foo (>=1.0)
half==1.*
-e .
-e git+https://token:secret@github.com/wheels/rides.git@v1#egg=My_Rides
torch @ https://user:secret@dl.example.org/torch-2.0-py3-none-any.whl#sha256=1
https://example.org/near_by-1.2.3-py3-none-any.whl
./libs/local_lib
"""
    assert read("requirements-dev.txt", text) == (
        "requirements",
        "pypi",
        "",
        [
            ("pandas", '>=2,<3; python_version >= "3.9"', "", "dev"),
            ("numpy", "==1.26.4", "1.26.4", "dev"),
            ("scikit-learn", "~= 1.4", "", "dev"),
            ("foo", ">=1.0", "", "dev"),
            ("half", "==1.*", "", "dev"),
            ("my-rides", "@ git+https://github.com/wheels/rides.git@v1", "", "dev"),
            ("torch", "@ https://dl.example.org/torch-2.0-py3-none-any.whl", "", "dev"),
            ("near-by", "@ https://example.org/near_by-1.2.3-py3-none-any.whl", "1.2.3", "dev"),
            ("local-lib", "@ ./libs/local_lib", "", "dev"),
        ],
    )


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("requirements.txt", ""),
        ("a/requirements.in", ""),
        ("requirements/base.txt", ""),
        ("requirements/dev.txt", "dev"),
        ("test-requirements.txt", "test"),
        ("constraints.txt", "constraints"),
    ],
)
def test_the_name_of_a_requirements_file_says_what_it_is_for(path: str, group: str) -> None:
    assert read(path, "rich\n")[3] == [("rich", "", "", group)]


def test_pyproject_lists_dependencies_extras_groups_and_poetry() -> None:
    text = """
[build-system]
requires = ["setuptools>=77"]
[project]
requires-python = ">=3.11"
dependencies = ["click>=8.1", "Rich_Text"]
[project.optional-dependencies]
hub = ["Django>=5.2,<5.3"]
[dependency-groups]
dev = ["pytest>=9", {include-group = "lint"}]
[tool.poetry.dependencies]
python = "^3.11"
pandas = "^2.0"
exact = {version = "1.2.3", extras = ["b"]}
fork = {git = "https://user:secret@github.com/a/b.git"}
[tool.poetry.group.test.dependencies]
hypothesis = "*"
"""
    assert read("pyproject.toml", text) == (
        "pyproject",
        "pypi",
        ">=3.11",
        [
            ("click", ">=8.1", "", ""),
            ("rich-text", "", "", ""),
            ("django", ">=5.2,<5.3", "", "hub"),
            ("pytest", ">=9", "", "dev"),
            ("pandas", "^2.0", "", ""),
            ("exact", "1.2.3", "1.2.3", ""),
            ("fork", "@ https://github.com/a/b.git", "", ""),
            ("hypothesis", "*", "", "test"),
            ("setuptools", ">=77", "", "build"),
        ],
    )


def test_conda_reads_channels_builds_and_the_pip_section() -> None:
    text = """
name: rides
channels: [conda-forge]
dependencies:
  - python=3.11
  - conda-forge::numpy=1.26.4=py311_0
  - pandas >=2,<3
  - scipy==1.11
  - pip
  - pip:
    - Torch==2.1
"""
    assert read("environment.yml", text) == (
        "conda",
        "conda",
        "=3.11",
        [
            ("python", "=3.11", "", ""),
            ("numpy", "=1.26.4=py311_0", "1.26.4", ""),
            ("pandas", ">=2,<3", "", ""),
            ("scipy", "==1.11", "1.11", ""),
            ("pip", "", "", ""),
            ("torch", "==2.1", "2.1", "pip"),
        ],
    )


POETRY_LOCK = """
[[package]]
name = "Near_By"
version = "1.0"
groups = ["main", "dev"]
[[package]]
name = "mypy"
version = "2.0"
groups = ["dev"]
[metadata]
python-versions = "^3.11"
"""
UV_LOCK = """
requires-python = ">=3.11"
[[package]]
name = "rides"
version = "0.1"
source = { editable = "." }
[[package]]
name = "rich"
version = "14.0"
"""
PIPFILE = """
[packages]
requests = "*"
rich = "==14.0"
[dev-packages]
pytest = {version = ">=8"}
[requires]
python_version = "3.11"
"""
PIPFILE_LOCK = """{"_meta": {"requires": {"python_version": "3.11"}},
"default": {"Requests": {"version": "==2.31.0", "index": "x"}}, "develop": {"pytest": {"version": "==8"}}}"""
SETUP_CFG = """
[options]
python_requires = >=3.8
install_requires =
    rich>=14  # colours
    click
[options.extras_require]
test = pytest
"""
RENV_LOCK = """{"R": {"Version": "4.3.1"}, "Packages": {"dplyr": {"Package": "dplyr", "Version": "1.1.4"}}}"""
DESCRIPTION = """Package: rides
Depends: R (>= 4.1), methods
Imports:
    dplyr (>= 1.0),
    data.table
Suggests: testthat
"""
BUILD_SBT = """
scalaVersion := "2.13.12"
val sparkVersion = "3.5.0" // as on the cluster
libraryDependencies ++= Seq(
  "org.apache.spark" %% "spark-sql" % sparkVersion % Provided,
  "org.scalatest" %% "scalatest" % "3.2.+" % "test"
)
addSbtPlugin("com.eed3si9n" % "sbt-assembly" % "2.1.5")
"""
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
<groupId>com.wheels</groupId><version>3</version>
<properties><spark.version>3.5.0</spark.version><java.version>17</java.version>
<loop>${loop}x</loop></properties>
<dependencyManagement><dependencies>
  <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.13</version></dependency>
  <dependency><groupId>a</groupId><artifactId>bom</artifactId><version>9</version><scope>import</scope></dependency>
</dependencies></dependencyManagement>
<dependencies>
  <dependency><groupId>org.apache.spark</groupId><artifactId>spark-sql</artifactId>
    <version>${spark.version}</version><scope>provided</scope></dependency>
  <dependency><groupId>junit</groupId><artifactId>junit</artifactId><scope>test</scope></dependency>
  <dependency><groupId>${project.groupId}</groupId><artifactId>near</artifactId><version>[1,2)</version></dependency>
</dependencies></project>"""
GRADLE = """
val sparkVersion = "3.5.0"
java { toolchain { languageVersion.set(JavaLanguageVersion.of(17)) } }
dependencies {
  implementation("org.apache.spark:spark-sql:$sparkVersion")
  testImplementation 'junit:junit:4.13'
  implementation(platform("a:bom:1.0"))
  compileOnly group: 'g', name: 'n', version: '2.0'
  // implementation("no:no:1")
}
"""
DOCKERFILE = """# syntax=docker/dockerfile:1
ARG VERSION=3.11
FROM --platform=linux/amd64 python:${VERSION}-slim AS base
RUN apt-get update && apt-get install -y --no-install-recommends \\
    git=1:2.39 \\
    # for models
    curl && rm -rf /var/lib/apt
RUN pip install --no-cache-dir -r requirements.txt "pandas>=2" numpy==1.26 -i https://example.org
RUN conda install -y -c conda-forge scipy=1.11 && python -m pip install rich
RUN R -e "install.packages(c('dplyr', 'tidyr'))" && install2.r --error ggplot2
RUN <<EOF
apk add --no-cache jq
EOF
FROM base
"""
DEVCONTAINER = """{ // the editor's container
  "image": "mcr.microsoft.com/devcontainers/python:3.11", /* pinned */
  "features": {"ghcr.io/devcontainers/features/node:1": {"version": "20",},},
  "postCreateCommand": "pip install black==24.1",
  "name": "rides // wheels, ]",
}"""


@pytest.mark.parametrize(
    ("path", "text", "manager", "ecosystem", "base", "rows"),
    [
        (
            "poetry.lock",
            POETRY_LOCK,
            "poetry.lock",
            "pypi",
            "^3.11",
            [("near-by", "", "1.0", ""), ("mypy", "", "2.0", "dev")],
        ),
        ("uv.lock", UV_LOCK, "uv.lock", "pypi", ">=3.11", [("rich", "", "14.0", "")]),
        (
            "Pipfile",
            PIPFILE,
            "Pipfile",
            "pypi",
            "3.11",
            [("requests", "*", "", ""), ("rich", "==14.0", "14.0", ""), ("pytest", ">=8", "", "dev")],
        ),
        (
            "Pipfile.lock",
            PIPFILE_LOCK,
            "Pipfile.lock",
            "pypi",
            "3.11",
            [("requests", "", "2.31.0", ""), ("pytest", "", "8", "dev")],
        ),
        (
            "setup.cfg",
            SETUP_CFG,
            "setup.cfg",
            "pypi",
            ">=3.8",
            [("rich", ">=14", "", ""), ("click", "", "", ""), ("pytest", "", "", "test")],
        ),
        ("renv.lock", RENV_LOCK, "renv.lock", "cran", "4.3.1", [("dplyr", "", "1.1.4", "")]),
        (
            "DESCRIPTION",
            DESCRIPTION,
            "DESCRIPTION",
            "cran",
            ">= 4.1",
            [
                ("methods", "", "", ""),
                ("dplyr", ">= 1.0", "", ""),
                ("data.table", "", "", ""),
                ("testthat", "", "", "Suggests"),
            ],
        ),
        (
            "build.sbt",
            BUILD_SBT,
            "sbt",
            "maven",
            "2.13.12",
            [
                ("org.apache.spark:spark-sql", "", "3.5.0", "provided"),
                ("org.scalatest:scalatest", "3.2.+", "", "test"),
                ("com.eed3si9n:sbt-assembly", "", "2.1.5", "plugin"),
            ],
        ),
        (
            "pom.xml",
            POM,
            "maven",
            "maven",
            "17",
            [
                ("org.apache.spark:spark-sql", "", "3.5.0", "provided"),
                ("junit:junit", "", "4.13", "test"),
                ("com.wheels:near", "[1,2)", "", ""),
                ("a:bom", "", "9", "managed"),
            ],
        ),
        (
            "build.gradle.kts",
            GRADLE,
            "gradle",
            "maven",
            "17",
            [
                ("org.apache.spark:spark-sql", "", "3.5.0", ""),
                ("junit:junit", "", "4.13", "testImplementation"),
                ("a:bom", "", "1.0", ""),
                ("g:n", "", "2.0", "compileOnly"),
            ],
        ),
        (
            "Dockerfile",
            DOCKERFILE,
            "dockerfile",
            "system",
            "python:3.11-slim",
            [
                ("git", "", "1:2.39", "apt"),
                ("curl", "", "", "apt"),
                ("pandas", ">=2", "", "pip"),
                ("numpy", "==1.26", "1.26", "pip"),
                ("scipy", "=1.11", "", "conda"),
                ("rich", "", "", "pip"),
                ("dplyr", "", "", "cran"),
                ("tidyr", "", "", "cran"),
                ("ggplot2", "", "", "cran"),
                ("jq", "", "", "apk"),
            ],
        ),
        (
            ".devcontainer/devcontainer.json",
            DEVCONTAINER,
            "devcontainer",
            "system",
            "mcr.microsoft.com/devcontainers/python:3.11",
            [
                ("ghcr.io/devcontainers/features/node", "20", "", "features"),
                ("black", "==24.1", "24.1", "pip"),
            ],
        ),
        (".python-version", "3.11.4\n", ".python-version", "pypi", "3.11.4", []),
        ("runtime.txt", "r-2024-01-01\n", "runtime.txt", "cran", "r-2024-01-01", []),
    ],
)
def test_each_format_gives_packages_and_what_they_stand_on(
    path: str, text: str, manager: str, ecosystem: str, base: str, rows: list[Row]
) -> None:
    assert is_environment(path)
    assert read(path, text) == (manager, ecosystem, base, rows)


@pytest.mark.parametrize(
    "path", ["README.md", "setup.py", "docs/environment.md", "description", "package.json", "my.lock"]
)
def test_other_files_are_no_environments(path: str) -> None:
    assert not is_environment(path)
    assert parse(path, b"rich") == parse("", b"")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", "[tool.ruff]\nline-length = 110\n"),
        ("environment.yaml", "production: {url: here}\n"),
        ("DESCRIPTION", "A folder of rides.\n"),
        ("setup.cfg", "[flake8]\nmax-line-length = 110\n"),
        ("settings.gradle", "rootProject.name = 'rides'\n"),
    ],
)
def test_a_file_that_only_has_the_name_gives_nothing_and_is_no_fault(path: str, text: str) -> None:
    parsed = parse(path, text.encode())
    assert (parsed.facet, parsed.faults) == (None, ())
