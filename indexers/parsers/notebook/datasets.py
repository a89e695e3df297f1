"""Calls that read or write data, and the table or file that their literal arguments name."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Final, Literal

from indexers.parsers.notebook.arguments import Arguments, Lookup, call_end, python_arguments, text_arguments
from indexers.parsers.notebook.grammar import PYTHON, Grammar, words
from indexers.parsers.notebook.sql_names import sql_tables

Direction = Literal["read", "write"]

_READERS: Final = words(
    """read_csv read_table read_parquet read_excel read_json read_feather read_orc read_hdf read_pickle
    read_sas read_stata read_spss read_fwf read_xml read_delta read_gbq read_sql_table read_ipc read_avro
    read_ndjson scan_csv scan_parquet scan_delta scan_ipc scan_ndjson read_dta read_sav read_rds read_tsv
    read_csv2 read_delim read_fst read_qs genfromtxt loadtxt open_dataset open_mfdataset open_zarr read_file
    load_dataset forPath forName ParquetFile ParquetDataset DeltaTable fread readRDS read.csv read.csv2
    read.table read.delim read.xlsx read.dta st_read vroom read_xlsx read_xls spark_read_table
    spark_read_csv spark_read_parquet dbReadTable"""
)
_WRITERS: Final = words(
    """to_csv to_parquet to_excel to_json to_feather to_pickle to_hdf to_stata to_orc to_gbq to_sql to_delta
    to_netcdf to_zarr to_file write_csv write_parquet write_delta write_deltalake write_ipc write_excel
    write_json write_ndjson write_avro sink_csv sink_parquet sink_ipc saveAsTable insertInto writeTo toTable
    savetxt write_table write_feather write_rds write_tsv write_dataset write_delim fwrite saveRDS
    write.csv write.csv2 write.table write.xlsx st_write dbWriteTable spark_write_table spark_write_parquet"""
)
_CHAINED: Final = words("csv parquet json orc text load save table delta jdbc avro")
"""What these do depends on what they hang on: `spark.read.…` or `df.write.…`."""

_CHAIN = re.compile(r"\.\s*(read|write)(?:Stream)?\b(?!\s*\()")
_SPARK_TABLE = re.compile(r"(?:spark|sqlContext|sqlc|session)\.table")

_QUERIES: Final = words(
    "sql execute executemany query read_sql read_sql_query read_database dbGetQuery dbExecute dbSendQuery"
)
_FILES: Final = words("open load save savez savez_compressed read_text connect urlopen")
_DATA_FIRST: Final = words("write_table write_feather write_dataset forName forPath")
"""Python calls whose second argument is the name."""

_DATA_FILE = re.compile(
    r"\.(?:csv|tsv|jsonl?|ndjson|parquet|pq|feather|arrow|orc|avro|xlsx?|h5|hdf5?|nc|pkl|pickle|np[yz]|mat"
    r"|sas7bdat|dta|sav|rds|rdata|db|sqlite3?|duckdb|zarr|geojson|shp)(?:\.(?:gz|bz2|xz|zst|zip))?$",
    re.IGNORECASE,
)
_KEYWORDS: Final = (
    "filepath_or_buffer",
    "path",
    "io",
    "source",
    "path_or_buf",
    "excel_writer",
    "path_or_paths",
    "paths",
    "table_or_uri",
    "table_uri",
    "table_name",
    "name",
    "fname",
    "filename",
    "filename_or_obj",
    "file",
    "filepath",
    "destination_table",
    "query",
    "sql",
    "where",
)
_NAME_LIMIT: Final = 300
_PARSED_LIMIT: Final = 20_000
"""Characters of arguments that are parsed beyond twice the source: calls nested in calls are parsed again."""


def touches_data(name: str) -> bool:
    """Whether a call of this name may read or write data."""
    return _tail(name) in _FINDERS


def data_uses(source: str, grammar: Grammar, lookup: Lookup) -> Iterator[tuple[Direction, str]]:
    """(read or write, table or file as named) for each call whose arguments say so.

    `lookup` gives the text that a variable holds, None where the notebook does not say.
    """
    left = 2 * len(source) + _PARSED_LIMIT
    chains = [(match.end(), match[1]) for match in _CHAIN.finditer(source)]
    for match in grammar.token.finditer(source):
        name = match[1]
        if name is None or (tail := _tail(name)) not in _FINDERS:
            continue
        finder, direction = _FINDERS[tail], _direction(tail)
        if tail in _CHAINED and (hung := _hung_on(name, match.end(), chains)):
            finder, direction = _named, hung
        elif finder is _named and tail in _CHAINED:
            continue
        text = source[match.end() : call_end(source, match.end(), grammar)]
        left -= len(text)
        if left < 0:
            return
        arguments = python_arguments(text, lookup) if grammar is PYTHON else text_arguments(text, grammar)
        yield from finder(tail, arguments, direction)


def _tail(name: str) -> str:
    """The last part of a dotted name; R's `read.csv` is one part."""
    last = name.rpartition(":")[2]
    return last if last in _FINDERS else last.rpartition(".")[2]


def _direction(tail: str) -> Direction:
    return "write" if tail in _WRITERS or tail.startswith("save") else "read"


def _hung_on(name: str, at: int, chains: list[tuple[int, str]]) -> Direction | None:
    """What a chained word does: `spark.read.csv`, or `.csv` after the nearest `.read` or `.write`."""
    if _SPARK_TABLE.fullmatch(name):
        return "read"
    if not name.startswith(".") and not _CHAIN.search(name):
        return None
    nearest = bisect_right(chains, (at, ""))
    if nearest == 0:
        return None
    return "write" if chains[nearest - 1][1].startswith("write") else "read"


def _named(tail: str, arguments: Arguments, direction: Direction) -> Iterator[tuple[Direction, str]]:
    found = arguments.first(_KEYWORDS)
    if found is None and tail in _DATA_FIRST:
        found = arguments.first(_KEYWORDS, at=1)
    if tail == "jdbc":
        found = arguments.first(("table", "dbtable"), at=1)
    if found and len(found) <= _NAME_LIMIT and "\n" not in found and "\0" not in found:
        yield direction, found


def _queried(tail: str, arguments: Arguments, _direction: Direction) -> Iterator[tuple[Direction, str]]:
    sql = arguments.first(_KEYWORDS)
    if not sql:
        return
    if tail == "read_sql" and re.fullmatch(r"[\w.]{1,200}", sql):
        yield "read", sql
        return
    reads, writes = sql_tables(sql)
    for name in reads:
        yield "read", name
    for name in writes:
        yield "write", name


def _opened(tail: str, arguments: Arguments, direction: Direction) -> Iterator[tuple[Direction, str]]:
    path = arguments.first(("file", "path", "filename"))
    if not path or "\0" in path or len(path) > _NAME_LIMIT or not _DATA_FILE.search(path):
        return
    mode = arguments.first(("mode",), at=1) if tail == "open" else None
    yield ("write" if mode and mode[0] in "wax" else direction), path


Finder = Callable[[str, Arguments, Direction], Iterator[tuple[Direction, str]]]
_FINDERS: Final[dict[str, Finder]] = {
    **dict.fromkeys(_READERS | _WRITERS | _CHAINED, _named),
    **dict.fromkeys(_QUERIES, _queried),
    **dict.fromkeys(_FILES, _opened),
}
