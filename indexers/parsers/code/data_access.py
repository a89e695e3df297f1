"""Which calls read or write data, and in which argument they name it: one table a language family.

Callers reduce a call to its dotted name (calls inside a chain left out, import aliases resolved:
`pandas.read_csv`, `spark.read.format.load`) and its literal arguments, whatever parser they use.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from indexers.parsers.code.sql_tables import HOLE, looks_like_sql, tables_of
from indexers.parsers.code.words import words

__all__ = ["HOLE", "Access", "Arguments", "combined", "jvm_access", "python_access", "r_access"]

Value = str | tuple[str, ...] | None
MAX_NAME = 400

DATA_SUFFIXES = words(
    "arff arrow avro bz2 csv db dat delta dta duckdb feather fits fst geojson gpkg gz h5 hdf hdf5 ipc json "
    "jsonl mat nc ndjson npy npz orc parquet pickle pkl pq psv qs rda rdata rds sas7bdat sav shp sqlite "
    "sqlite3 tab tsv txt xls xlsb xlsm xlsx xml xpt zarr zip zst"
)
"""File name endings that make a literal a data file where the call alone does not say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What a call is given: literal strings (or tuples of them), None for anything else.

    In an interpolated string `HOLE` stands for each value that is known at run time only.
    """

    positional: tuple[Value, ...] = ()
    keywords: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Datasets as the code names them. `temporary` are names that live only in the session (temporary
    views): a read of one is no read of a dataset.
    """

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    temporary: tuple[str, ...] = ()


Effect = Literal["reads", "writes", "temporary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The argument of a call that names data.

    `holds` says what stands there: a path, a table, SQL, a table or SQL (`any`), or a path that
    counts only with a data ending (`open`). `within` asks for one of these names earlier in the chain.
    """

    effect: Effect
    holds: Literal["path", "table", "sql", "any", "open"]
    position: int = 0
    keywords: tuple[str, ...] = ()
    within: frozenset[str] = frozenset()


_HOME = re.compile(r"^(?:/Users|/home|[A-Za-z]:[\\/]+Users)[\\/]+[^\\/]+[\\/]+")
"""A person's own folder: who it is says nothing of the data and is nobody's business."""

Rules = Mapping[str, tuple[Rule, ...]]

PATH_KEYWORDS = tuple(
    sorted(
        words(
            "filepath_or_buffer path path_or_buf path_or_paths filepath io source file fname where urlpath "
            "filename filename_or_obj excel_writer"
        )
    )
)
READER = frozenset({"read", "readStream"})
WRITER = frozenset({"write", "writeStream"})
SESSION = frozenset(
    {"spark", "sqlContext", "hiveContext", "session", "spark_session", "sparkSession", "con", "ibis"}
)


def _rules(names: str, rule: Rule) -> dict[str, tuple[Rule, ...]]:
    return dict.fromkeys(names.split(), (rule,))


def _merged(*tables: Rules) -> dict[str, tuple[Rule, ...]]:
    merged: dict[str, tuple[Rule, ...]] = {}
    for table in tables:
        for name, rules in table.items():
            merged[name] = merged.get(name, ()) + rules
    return merged


SPARK: Rules = _merged(
    _rules(
        "load parquet csv json orc text textFile avro delta",
        Rule(effect="reads", holds="path", keywords=("path", "paths"), within=READER),
    ),
    _rules(
        "save parquet csv json orc text avro delta start",
        Rule(effect="writes", holds="path", keywords=("path",), within=WRITER),
    ),
    _rules("table", Rule(effect="reads", holds="table", keywords=("tableName",), within=READER | SESSION)),
    _rules("jdbc", Rule(effect="reads", holds="any", position=1, keywords=("table",), within=READER)),
    _rules("jdbc", Rule(effect="writes", holds="table", position=1, keywords=("table",), within=WRITER)),
    _rules(
        "saveAsTable insertInto toTable writeTo",
        Rule(effect="writes", holds="table", keywords=("name", "tableName", "table")),
    ),
    _rules("sql", Rule(effect="reads", holds="sql", keywords=("sqlQuery", "query"))),
    _rules(
        "createOrReplaceTempView createTempView createGlobalTempView createOrReplaceGlobalTempView "
        "registerTempTable",
        Rule(effect="temporary", holds="table", keywords=("name",)),
    ),
    _rules(
        "forPath",
        Rule(effect="reads", holds="path", position=1, keywords=("path",), within=frozenset({"DeltaTable"})),
    ),
    _rules("forName", Rule(effect="reads", holds="table", position=1, within=frozenset({"DeltaTable"}))),
)
"""Apache Spark names its calls alike in Python, Scala and Java."""

PYTHON: Rules = _merged(
    SPARK,
    _rules(
        "read_csv read_parquet read_table read_json read_excel read_feather read_orc read_fwf read_pickle "
        "read_hdf read_stata read_sas read_spss read_xml read_html read_avro read_ipc read_ndjson "
        "read_delta read_file scan_csv scan_parquet scan_ipc scan_ndjson scan_delta read_csv_batched "
        "read_text open_dataset open_zarr open_mfdataset genfromtxt loadtxt ExcelFile HDFStore ParquetFile "
        "ParquetDataset DeltaTable loadmat read_parquet_schema read_metadata read_schema open_csv",
        Rule(effect="reads", holds="path", keywords=PATH_KEYWORDS),
    ),
    _rules("load", Rule(effect="reads", holds="path", keywords=("file",), within=frozenset({"numpy"}))),
    _rules(
        "to_csv to_parquet to_json to_excel to_feather to_orc to_pickle to_hdf to_stata to_xml to_html "
        "to_netcdf to_zarr to_file to_delta write_csv write_parquet write_json write_ndjson write_ipc "
        "write_avro write_excel write_delta write_deltalake sink_parquet sink_csv sink_ipc sink_ndjson "
        "ExcelWriter ParquetWriter savetxt",
        Rule(effect="writes", holds="path", keywords=(*PATH_KEYWORDS, "target", "table_or_uri")),
    ),
    _rules(
        "save savez savez_compressed",
        Rule(effect="writes", holds="path", keywords=("file",), within=frozenset({"numpy"})),
    ),
    _rules(
        "write_table write_feather write_dataset write_to_dataset",
        Rule(effect="writes", holds="path", position=1, keywords=("where", "root_path", "dest", "base_dir")),
    ),
    _rules(
        "dataset",
        Rule(effect="reads", holds="path", keywords=("source",), within=frozenset({"pyarrow", "ds"})),
    ),
    _rules("open", Rule(effect="reads", holds="open", keywords=("file",))),
    _rules(
        "read_sql read_gbq read_database read_database_uri",
        Rule(effect="reads", holds="any", keywords=("sql", "query", "query_or_table")),
    ),
    _rules("read_sql_table", Rule(effect="reads", holds="table", keywords=("table_name",))),
    _rules(
        "read_sql_query execute executemany executescript exec_driver_sql query text query_df query_and_wait",
        Rule(effect="reads", holds="sql", keywords=("sql", "query", "statement", "operation")),
    ),
    _rules("to_sql", Rule(effect="writes", holds="table", keywords=("name",))),
    _rules("to_gbq", Rule(effect="writes", holds="table", keywords=("destination_table",))),
    _rules("write_database", Rule(effect="writes", holds="table", keywords=("table_name",))),
    _rules(
        "load_table_from_dataframe load_table_from_json load_table_from_file",
        Rule(effect="writes", holds="table", position=1, keywords=("destination",)),
    ),
    _rules("load_table_from_uri", Rule(effect="reads", holds="path", keywords=("source_uris",))),
    _rules(
        "load_table_from_uri", Rule(effect="writes", holds="table", position=1, keywords=("destination",))
    ),
    _rules("list_rows get_table", Rule(effect="reads", holds="table", keywords=("table",))),
    _rules("load_dataset", Rule(effect="reads", holds="table", keywords=("name", "path"))),
    _rules("fetch_openml", Rule(effect="reads", holds="table", keywords=("name",))),
)

R: Rules = _merged(
    _rules(
        "read.csv read.csv2 read.table read.delim read.delim2 read.fwf read_csv read_csv2 read_tsv "
        "read_delim read_table read_fwf read_lines read_excel read_xls read_xlsx read.xlsx readWorkbook "
        "fread readRDS read_rds load read_parquet read_feather read_ipc_file read_csv_arrow open_dataset "
        "read_dta read_sav read_sas read_spss read.dta read.spss read_json fromJSON st_read read_sf "
        "readOGR vroom qread read_fst read.fst import h5read nc_open",
        Rule(effect="reads", holds="path", keywords=("file", "path", "input", "txt", "dsn", "sources")),
    ),
    _rules(
        "write.csv write.csv2 write.table write_csv write_csv2 write_tsv write_delim write_excel_csv "
        "write_lines write_xlsx write.xlsx fwrite saveRDS write_rds write_parquet write_feather "
        "write_csv_arrow write_dataset write_dta write_sav write_sas write_json st_write write_sf "
        "vroom_write qsave write_fst export",
        Rule(effect="writes", holds="path", position=1, keywords=("file", "path", "sink", "dsn")),
    ),
    _rules("save save.image", Rule(effect="writes", holds="path", position=-1, keywords=("file",))),
    _rules("tbl", Rule(effect="reads", holds="any", position=1, keywords=("from",))),
    _rules("dbReadTable sqlFetch", Rule(effect="reads", holds="table", position=1, keywords=("name",))),
    _rules(
        "dbGetQuery dbSendQuery dbExecute dbSendStatement sqlQuery sdf_sql bq_project_query bq_dataset_query",
        Rule(effect="reads", holds="sql", position=1, keywords=("statement", "query", "sql")),
    ),
    _rules("sql glue_sql", Rule(effect="reads", holds="sql", keywords=("x", "sql"))),
    _rules(
        "dbWriteTable dbAppendTable dbCreateTable sqlSave spark_write_table",
        Rule(effect="writes", holds="table", position=1, keywords=("name", "tablename")),
    ),
    _rules(
        "spark_read_csv spark_read_parquet spark_read_json spark_read_delta spark_read_orc spark_read",
        Rule(effect="reads", holds="path", position=2, keywords=("path",)),
    ),
    _rules("spark_read_table", Rule(effect="reads", holds="table", position=1, keywords=("name",))),
    _rules(
        "spark_write_csv spark_write_parquet spark_write_json spark_write_delta spark_write_orc",
        Rule(effect="writes", holds="path", position=1, keywords=("path",)),
    ),
)

JVM: Rules = _merged(
    SPARK,
    _rules("fromFile", Rule(effect="reads", holds="open", within=frozenset({"Source"}))),
    _rules(
        "prepareStatement executeQuery executeUpdate execute createQuery createNativeQuery query "
        "queryForList queryForObject update",
        Rule(effect="reads", holds="sql"),
    ),
)


def python_access(call: str, arguments: Arguments) -> Access:
    """Data that a Python call names: pandas, Spark, Polars, Dask, DuckDB, Arrow, SQLAlchemy, open()."""
    return _access(call, arguments, PYTHON)


def jvm_access(call: str, arguments: Arguments) -> Access:
    """Data that a Scala or Java call names: Spark, JDBC."""
    return _access(call, arguments, JVM)


def r_access(call: str, arguments: Arguments) -> Access:
    """Data that an R call names; `call` may carry its package (`readr::read_csv`).

    A pipe gives the first argument, so a name may stand one place earlier than the table says.
    """
    return _access(call.rpartition("::")[2], arguments, R, whole=True, shifted=True)


def names_data(call: str, table: Rules) -> bool:
    """Whether the call may name data at all: a look-up, to spare the reading of arguments."""
    last = call.rpartition("::")[2]
    return last in table or (last := last.rpartition(".")[2]) in table or last in ("option", "options")


def combined(accesses: Iterable[Access]) -> Access:
    """All of them in order of first appearance, without reads of what the code itself made temporary."""
    reads: dict[str, None] = {}
    writes: dict[str, None] = {}
    temporary: dict[str, None] = {}
    for access in accesses:
        reads |= dict.fromkeys(access.reads)
        writes |= dict.fromkeys(access.writes)
        temporary |= dict.fromkeys(access.temporary)
    hidden = {name.casefold() for name in temporary}
    return Access(
        reads=tuple(name for name in reads if name.casefold() not in hidden),
        writes=tuple(writes),
        temporary=tuple(temporary),
    )


def _access(
    call: str, arguments: Arguments, table: Rules, *, whole: bool = False, shifted: bool = False
) -> Access:
    *before, last = [call] if whole else call.split(".")
    if last in ("option", "options") and not whole:
        return _option(before, arguments)
    found: list[Access] = []
    for rule in table.get(last, ()):
        if rule.within and rule.within.isdisjoint(before):
            continue
        found += [_named(rule, value, arguments) for value in _values(rule, arguments, shifted=shifted)]
    return combined(found) if len(found) > 1 else (found[0] if found else Access())


def _values(rule: Rule, arguments: Arguments, *, shifted: bool) -> tuple[str, ...]:
    places: list[Value] = [arguments.keywords[name] for name in rule.keywords if name in arguments.keywords]
    first = rule.position
    tried = range(first, -1 if shifted else first - 1, -1)
    places += [arguments.positional[at] for at in tried if 0 <= at < len(arguments.positional)]
    for value in places:
        if isinstance(value, str):
            return (value,)
        if value:
            return value
    return ()


def _named(rule: Rule, value: str, arguments: Arguments) -> Access:
    if rule.holds in ("sql", "any") and looks_like_sql(value):
        tables = tables_of(value)
        return Access(reads=tables.reads, writes=tables.writes, temporary=tables.temporary)
    if rule.holds == "sql":
        return Access()
    if rule.holds == "open":
        return _opened(value, arguments)
    name = table_name(value) if rule.holds in ("table", "any") else path_name(value)
    if not name:
        return Access()
    return Access(**{rule.effect: (name,)})


def _opened(value: str, arguments: Arguments) -> Access:
    if not is_data_file(value):
        return Access()
    mode = arguments.keywords.get("mode") or (arguments.positional[1:2] or ("r",))[0]
    name = path_name(value)
    if isinstance(mode, str) and set(mode) & set("wax"):
        return Access(writes=(name,) if name else ())
    return Access(reads=(name,) if name else ())


def _option(before: list[str], arguments: Arguments) -> Access:
    """`.option("dbtable", "mart.trips")` and `.option("path", …)` of a Spark reader or writer."""
    if not (READER | WRITER) & set(before):
        return Access()
    effect: Effect = "reads" if READER & set(before) else "writes"
    pairs = dict(arguments.keywords)
    match arguments.positional:
        case (str() as key, value, *_):
            pairs[key] = value
    for key, holds in (("dbtable", "any"), ("table", "table"), ("query", "sql"), ("path", "path")):
        value = pairs.get(key)
        if isinstance(value, str):
            return _named(Rule(effect=effect, holds=holds), value, arguments)  # type: ignore[arg-type]
    return Access()


def is_data_file(name: str) -> bool:
    """Whether the name's ending is that of a data file."""
    stem, dot, suffix = name.rpartition(".")
    return bool(dot and stem) and suffix.casefold() in DATA_SUFFIXES


def path_name(value: str) -> str:
    """A path or URL as a dataset's name: without credentials, query and the person in a home folder.

    `*` stands for what is known at run time only. Empty where too little is literal to name anything.
    """
    name = value.strip()
    if not name or len(name) > MAX_NAME or "\n" in name or "\0" in name:
        return ""
    name = _without_secrets(name) if "://" in name else _HOME.sub("~/", name)
    if HOLE in name:
        tail = re.sub(f"^{HOLE}+[/\\\\]*", "", name)
        if tail != name and all(HOLE in segment for segment in tail.split("/")):
            return ""
        name = re.sub(f"{HOLE}+", "*", tail)
        if len(re.sub(r"\W+", "", re.sub(r"\.\w+$", "", name))) < 3:
            return ""
    return name


def table_name(value: str) -> str:
    """A table as code names it, without quotes; empty where part of the name is known at run time only."""
    name = value.strip().replace("`", "").replace('"', "")
    if not name or len(name) > MAX_NAME or HOLE in name or any(mark in name for mark in "\n\0(;"):
        return ""
    return name


def _without_secrets(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = (
        parts.netloc.rpartition("@")[2]
        if parts.scheme not in ("abfs", "abfss", "wasb", "wasbs")
        else parts.netloc
    )
    return urlunsplit((parts.scheme, host, parts.path, "", ""))
