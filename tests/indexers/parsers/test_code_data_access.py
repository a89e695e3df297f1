"""The table of calls that read or write data, as the code and notebook parsers share it."""

import pytest

from indexers.parsers.code.data_access import HOLE, Access, Arguments, combined, python_access, r_access


@pytest.mark.parametrize(
    ("call", "arguments", "access"),
    [
        ("pandas.read_csv", Arguments(positional=("a.csv",)), Access(reads=("a.csv",))),
        ("pandas.read_csv", Arguments(keywords={"filepath_or_buffer": "a.csv"}), Access(reads=("a.csv",))),
        ("pandas.read_csv", Arguments(positional=(None,)), Access()),
        ("polars.scan_parquet", Arguments(positional=("a/*.parquet",)), Access(reads=("a/*.parquet",))),
        (
            "dask.dataframe.read_csv",
            Arguments(positional=(("a.csv", "b.csv"),)),
            Access(reads=("a.csv", "b.csv")),
        ),
        ("frame.to_parquet", Arguments(positional=("a.parquet",)), Access(writes=("a.parquet",))),
        (
            "pyarrow.parquet.write_table",
            Arguments(positional=(None, "a.parquet")),
            Access(writes=("a.parquet",)),
        ),
        ("spark.read.parquet", Arguments(positional=("s3://a/b",)), Access(reads=("s3://a/b",))),
        ("frame.write.mode.parquet", Arguments(positional=("s3://a/b",)), Access(writes=("s3://a/b",))),
        ("frame.parquet", Arguments(positional=("a",)), Access()),
        ("spark.read.option", Arguments(positional=("dbtable", "mart.rides")), Access(reads=("mart.rides",))),
        ("frame.write.insertInto", Arguments(positional=("mart.rides",)), Access(writes=("mart.rides",))),
        ("pandas.read_sql", Arguments(positional=("rides",)), Access(reads=("rides",))),
        ("duckdb.sql", Arguments(positional=("select * from 'a.parquet'",)), Access(reads=("a.parquet",))),
        (
            "sqlalchemy.text",
            Arguments(positional=("delete from mart.rides",)),
            Access(writes=("mart.rides",)),
        ),
        ("open", Arguments(positional=("a.csv",)), Access(reads=("a.csv",))),
        ("open", Arguments(positional=("a.csv",), keywords={"mode": "wb"}), Access(writes=("a.csv",))),
        ("open", Arguments(positional=("notes.md",)), Access()),
        ("frame.query", Arguments(positional=("a > 1",)), Access()),
        ("seaborn.load_dataset", Arguments(positional=("planets",)), Access(reads=("planets",))),
        ("frame.createOrReplaceTempView", Arguments(positional=("late",)), Access(temporary=("late",))),
    ],
)
def test_a_call_names_data_in_its_literal_arguments(call: str, arguments: Arguments, access: Access) -> None:
    assert python_access(call, arguments) == access


def test_what_only_the_run_knows_becomes_a_star_or_nothing() -> None:
    def read(path: str) -> tuple[str, ...]:
        return python_access("pandas.read_csv", Arguments(positional=(path,))).reads

    assert read(f"lake/{HOLE}/rides.csv") == ("lake/*/rides.csv",)
    assert read(f"{HOLE}/rides.csv") == ("rides.csv",)
    assert read(f"{HOLE}.csv") == ()
    assert read(f"{HOLE}/day={HOLE}") == ()
    assert read(f"rides_{HOLE}.csv") == ("rides_*.csv",)
    assert python_access("spark.table", Arguments(positional=(f"{HOLE}.rides",))).reads == ()


def test_secrets_and_people_stay_out_of_names() -> None:
    def read(path: str) -> tuple[str, ...]:
        return python_access("pandas.read_csv", Arguments(positional=(path,))).reads

    assert read("https://olga:secret@example.org/a.csv?sig=abc#x") == ("https://example.org/a.csv",)
    assert read("/Users/olga/data/a.csv") == ("~/data/a.csv",)
    assert read(r"C:\Users\olga\a.csv") == (r"~/a.csv",)
    assert read("abfss://lake@wheels.dfs.core.windows.net/a") == (
        "abfss://lake@wheels.dfs.core.windows.net/a",
    )


def test_a_pipe_in_r_moves_the_name_forward() -> None:
    assert r_access("readr::write_csv", Arguments(positional=(None, "a.csv"))).writes == ("a.csv",)
    assert r_access("write_csv", Arguments(positional=("a.csv",))).writes == ("a.csv",)
    assert r_access("tbl", Arguments(positional=("rides",))).reads == ("rides",)


def test_a_temporary_view_is_no_dataset_to_read() -> None:
    accesses = [
        Access(reads=("late", "mart.rides")),
        Access(temporary=("Late",)),
        Access(reads=("mart.rides",)),
    ]
    assert combined(accesses).reads == ("mart.rides",)
