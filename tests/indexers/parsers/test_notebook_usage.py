import argparse
import ast
import builtins
import configparser
import csv
import dataclasses
import difflib
import inspect
import ipaddress
import json.decoder
import keyword
import shutil
import statistics
import tarfile
import textwrap
import typing
import urllib.parse
import zipfile
from collections.abc import Iterator
from types import ModuleType

import pytest

from indexers.parsers.notebook import ParsedNotebook, parse
from indexers.parsers.notebook.python_names import python_names
from indexers.parsers.notebook.sql_names import sql_tables
from tests.indexers.parsers.notebooks import code, dumped, notebook


def used(*sources: str) -> ParsedNotebook:
    return parse("a.ipynb", dumped(notebook(*map(code, sources))))


def test_calls_are_named_by_what_was_imported_not_by_its_alias() -> None:
    summary = used(
        "import pandas as pd, numpy as np\nimport matplotlib.pyplot as plt",
        "from sklearn.linear_model import (\n    Ridge,  # linear\n    Lasso as L,\n)",
        "df = pd.read_csv(path)\nplt.figure()\nL().fit(np.array([1])).score()\ndf.groupby('a').agg(sum)",
    ).summary
    assert summary.imports == ("pandas", "numpy", "matplotlib.pyplot", "sklearn.linear_model")
    assert summary.calls == (
        "pandas.read_csv",
        "matplotlib.pyplot.figure",
        "sklearn.linear_model.Lasso",
        "fit",
        "numpy.array",
        "score",
        "df.groupby",
        "agg",
    )


def test_what_stands_in_strings_comments_and_magics_is_not_used() -> None:
    summary = used(
        "# import secret\n'''\nimport hidden\nfoo()\n'''\nx = 'import os; bar()'  # baz()",
        "%matplotlib inline\n!pip install import-me\n%timeit real.call(1)\nfiles = !ls(x)\nhelp?",
        "def mine(a):\n    return a\nclass Thing(Base):\n    pass",
    ).summary
    assert summary.imports == ()
    assert summary.calls == ("real.call",)


def test_half_typed_and_python_2_cells_are_scanned_too() -> None:
    summary = used(
        "import pandas\nprint 'x', pandas.read_csv('a.csv')\nfor x in", "import os;import sys"
    ).summary
    assert summary.imports == ("pandas", "os", "sys")
    assert summary.calls == ("pandas.read_csv",)
    assert summary.reads == ("a.csv",)


MODULES = [
    argparse,
    configparser,
    csv,
    dataclasses,
    difflib,
    ipaddress,
    json.decoder,
    shutil,
    statistics,
    tarfile,
    textwrap,
    typing,
    urllib.parse,
    zipfile,
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_the_scan_finds_the_same_names_as_pythons_own_parser(module: ModuleType) -> None:
    source = inspect.getsource(module)
    tree = ast.parse(source)
    names = python_names(source)
    assert set(names.imports) == set(imported(tree))
    common = set(dir(builtins)) | set(keyword.kwlist) | {"exec", "unicode", "xrange"}
    assert {name.rpartition(".")[2] for name in names.calls} - common == set(called(tree)) - common


def imported(node: ast.AST) -> Iterator[str]:
    for item in ast.walk(node):
        if isinstance(item, ast.Import):
            yield from (alias.name for alias in item.names)
        elif isinstance(item, ast.ImportFrom) and item.module:
            yield "." * item.level + item.module


def called(node: ast.AST) -> Iterator[str]:
    """Last names of what is called, but for calls inside of f-strings, which the scan takes as text."""
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node.func, ast.Attribute):
            yield node.func.attr
    for child in ast.iter_child_nodes(node):
        yield from called(child)


@pytest.mark.parametrize(
    ("source", "reads", "writes"),
    [
        ('pd.read_csv("raw/trips.csv")', ["raw/trips.csv"], []),
        ('pd.read_csv(filepath_or_buffer="a.csv", sep=";")', ["a.csv"], []),
        ('pd.read_csv(unknown, ";")', [], []),
        ('df.to_parquet("out.parquet")', [], ["out.parquet"]),
        ("df.to_csv()", [], []),
        ('pl.scan_parquet("lake/*.parquet").collect()', ["lake/*.parquet"], []),
        ('spark.table("mart.trips").count()', ["mart.trips"], []),
        ('spark.read.option("header", True).csv("x/y")', ["x/y"], []),
        ('(spark.read\n  .format("delta")\n  .load("/lake/a"))', ["/lake/a"], []),
        ('(df.write\n  .mode("overwrite")\n  .parquet("/lake/b"))', [], ["/lake/b"]),
        ('df.write.saveAsTable("mart.c")', [], ["mart.c"]),
        (
            'spark.sql("""insert into mart.d select * from raw.e e join raw.f using (k)""")',
            ["raw.e", "raw.f"],
            ["mart.d"],
        ),
        ('pd.read_sql("select a from stations -- from nowhere", con)', ["stations"], []),
        ('pd.read_sql("stations", con)', ["stations"], []),
        ('df.to_sql("rides", con, if_exists="append")', [], ["rides"]),
        ('open("notes.json", "w").write("x")', [], ["notes.json"]),
        ('json.load(open("notes.json"))', ["notes.json"], []),
        ('open("README")', [], []),
        ('np.save("a.npy", x); np.load("b.npy")', ["b.npy"], ["a.npy"]),
        ('pq.write_table(table, "t.parquet")', [], ["t.parquet"]),
        ('DeltaTable.forName(spark, "mart.g")', ["mart.g"], []),
        ('ROOT = "data"\npd.read_csv(f"{ROOT}/a.csv")', ["data/a.csv"], []),
        ('ROOT = "data"\npd.read_csv(os.path.join(ROOT, "a.csv"))', ["data/a.csv"], []),
        ('pd.read_csv(Path("data") / "a.csv")', ["data/a.csv"], []),
        ('pd.read_csv(f"{unknown}/a.csv")', [], []),
        ('q = """\nselect * from raw.h\n"""\ncon.execute(q)', ["raw.h"], []),
        ('spark.sql(f"select * from {db}.t join raw.i")', ["raw.i"], []),
        ('plt.gcf().save("a.csv")\nfh.write("x")', [], ["a.csv"]),
        ("%sql select * from raw.j", ["raw.j"], []),
        ("x = 1\n%sql select * from raw.k", ["raw.k"], []),
        ("%%sql\nselect * from raw.l", ["raw.l"], []),
        ("%%bigquery df\nselect * from `p.d.m`", ["p.d.m"], []),
        ('%%R\nd <- readr::read_csv("n.csv"); write.csv(d, "o.csv")', ["n.csv"], ["o.csv"]),
        ('%%scala\nspark.read.parquet("p").write.saveAsTable("q")', ["p"], ["q"]),
    ],
)
def test_data_is_named_as_the_code_names_it(source: str, reads: list[str], writes: list[str]) -> None:
    summary = used(source).summary
    assert list(summary.reads) == reads
    assert list(summary.writes) == writes


def test_a_constant_of_an_earlier_cell_is_known_and_each_use_knows_its_cell() -> None:
    parsed = used('SOURCE = "raw.csv"', "pd.read_csv(SOURCE)", "pd.read_csv(SOURCE).to_csv('clean.csv')")
    assert [(use.cell, use.direction, use.name) for use in parsed.data] == [
        (1, "read", "raw.csv"),
        (2, "read", "raw.csv"),
        (2, "write", "clean.csv"),
    ]


@pytest.mark.parametrize(
    ("sql", "reads", "writes"),
    [
        ("select * from a.b, c.d x, e left join f on true", ["a.b", "c.d", "e", "f"], []),
        ("with q as (select * from a), r as (select 1 from q) select * from r join q", ["a"], []),
        ("create or replace table x.y as select * from z", ["z"], ["x.y"]),
        ("create temp table t as select * from a; select * from t", ["a"], []),
        ("merge into target t using source s on t.k = s.k", [], ["target"]),
        ("delete from x where k in (select k from y)", ["y"], ["x"]),
        ("update x set a = 1", [], ["x"]),
        ("select extract(year from ts), 'from nowhere' from t /* from u */", ["t"], []),
        (
            'select * from `my-project.data.table` join "Schema"."Table"',
            ["my-project.data.table", "Schema.Table"],
            [],
        ),
        ("select * from generate_series(1, 3) join unnest(a)", [], []),
        ("select * from 'lake/trips.parquet'", ["lake/trips.parquet"], []),
        ("from", [], []),
    ],
)
def test_tables_of_sql(sql: str, reads: list[str], writes: list[str]) -> None:
    assert sql_tables(sql) == (reads, writes)


def test_r_and_scala_name_their_packages_and_calls() -> None:
    r = parse(
        "a.Rmd", b"```{r}\nlibrary(dplyr)\nrequire('tidyr')\nggplot2::ggplot(d) # library(no)\nfit(x)\n```\n"
    ).summary
    assert r.imports == ("dplyr", "tidyr", "ggplot2")
    assert r.calls == ("ggplot2::ggplot", "fit")
    scala = parse(
        "a.scala",
        b'// Databricks notebook source\nimport org.apache.spark.sql.{functions => F}\nF.col("a")\n',
    ).summary
    assert scala.imports == ("org.apache.spark.sql",)
    assert scala.calls == ("F.col",)


def test_lists_are_bounded() -> None:
    summary = used(*(f"import m{at}\nm{at}.f()" for at in range(300))).summary
    assert len(summary.imports) == len(summary.calls) == 200
