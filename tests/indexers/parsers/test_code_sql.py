"""Tables that SQL names, across dialects, scripts and templates."""

import pytest

from indexers.parsers.code import analyse
from indexers.parsers.code.sql_tables import looks_like_sql, tables_of


@pytest.mark.parametrize(
    ("statement", "reads", "writes"),
    [
        (
            "SELECT * FROM mart.rides r JOIN `lake.mart.stations` s USING (id)",
            "mart.rides lake.mart.stations",
            "",
        ),
        ("SELECT * FROM a.b, c.d AS x LEFT JOIN (e.f JOIN g.h ON 1 = 1) ON x.i = h.i", "a.b c.d e.f g.h", ""),
        ("INSERT INTO mart.daily (day, n) SELECT day, COUNT(*) FROM raw.rides", "raw.rides", "mart.daily"),
        (
            "INSERT OVERWRITE TABLE mart.daily PARTITION (d = 1) SELECT * FROM raw.rides",
            "raw.rides",
            "mart.daily",
        ),
        ("CREATE OR REPLACE VIEW v.w AS SELECT 1 FROM t.u", "t.u", "v.w"),
        ("CREATE TABLE IF NOT EXISTS a.b CLONE c.d", "c.d", "a.b"),
        ("UPDATE a.b SET n = 1 FROM c.d WHERE b.i = d.i", "c.d", "a.b"),
        ("UPDATE r SET n = 1 FROM mart.rides r JOIN c.d ON r.i = d.i", "mart.rides c.d", "mart.rides"),
        ("DELETE FROM a.b WHERE i IN (SELECT i FROM c.d)", "c.d", "a.b"),
        (
            """MERGE INTO a.b t USING (SELECT * FROM c.d) s ON t.i = s.i WHEN MATCHED THEN UPDATE SET n = 1
            WHEN NOT MATCHED THEN INSERT (i) VALUES (1)""",
            "c.d",
            "a.b",
        ),
        ("TRUNCATE TABLE a.b; SELECT * INTO c.d FROM e.f", "e.f", "a.b c.d"),
        ("COPY mart.rides FROM 's3://lake/rides.csv'", "s3://lake/rides.csv", "mart.rides"),
        ("COPY mart.rides TO 'out/rides.parquet'", "mart.rides", "out/rides.parquet"),
        ('SELECT * FROM "Mart"."Order Details"', "Mart.Order Details", ""),
        ("SELECT * FROM mart.rides FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-01' r", "mart.rides", ""),
        ("SELECT * FROM [dbo].[Rides] r", "dbo.Rides", ""),
        ("SELECT * FROM my-project-1.mart.rides", "my-project-1.mart.rides", ""),
        ("SELECT * FROM `my-project`.mart.`rides`", "my-project.mart.rides", ""),
        (
            "SELECT * FROM 'lake/rides.parquet' r JOIN read_csv('s.csv') s",
            "lake/rides.parquet s.csv",
            "",
        ),
        ("FROM mart.rides |> WHERE x > 1 |> JOIN mart.stations USING (i)", "mart.rides mart.stations", ""),
        ("SELECT * FROM mart.events_20* WHERE 1 = 1", "mart.events_20", ""),
        ("SELECT * FROM `mart.events_20*`", "mart.events_20*", ""),
        ("SELECT * FROM ML.PREDICT(MODEL m.p, TABLE a.b)", "a.b", ""),
        ("EXECUTE IMMEDIATE '''INSERT INTO a.b SELECT * FROM c.d'''", "c.d", "a.b"),
    ],
)
def test_tables_are_read_and_written_where_the_clauses_say(statement: str, reads: str, writes: str) -> None:
    tables = tables_of(statement)
    assert (" ".join(tables.reads), " ".join(tables.writes)) == (reads, writes)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT EXTRACT(YEAR FROM started), TRIM(BOTH ' ' FROM name), a IS DISTINCT FROM b",
        "SELECT 'FROM x.y', \"FROM x.y\" -- FROM x.y\n /* JOIN x.y */ # FROM x.y",
        "SELECT * FROM UNNEST([1, 2]) AS n, generate_series(1, 2), LATERAL FLATTEN(x)",
        "SELECT * FROM mozfun.hist.extract(x)",
        "GRANT SELECT, UPDATE, DELETE ON a.b TO c; REVOKE SELECT ON a.b FROM c",
        "CREATE FUNCTION f(x INT64) RETURNS STRING LANGUAGE js AS '''return from(x); // FROM a.b'''",
        "CREATE TRIGGER t AFTER INSERT OR UPDATE ON a.b FOR EACH ROW EXECUTE FUNCTION g()",
        "SELECT 1 FROM dual FOR UPDATE",
        "SELECT * FROM @variable JOIN #temporary ON 1 = 1",
        "SELECT * FROM {{ table }} JOIN ${other} ON 1 = 1",
    ],
)
def test_what_is_no_table_is_none(statement: str) -> None:
    assert (tables_of(statement).reads, tables_of(statement).writes) == ((), ())


def test_a_cte_is_no_table_but_the_table_of_the_same_name_inside_it_is() -> None:
    tables = tables_of(
        "WITH rides AS (SELECT * FROM rides), n (a) AS (SELECT 1 FROM rides) SELECT * FROM n, rides"
    )
    assert tables.reads == ("rides",)
    assert (
        tables_of("WITH RECURSIVE up AS (SELECT 1 UNION ALL SELECT * FROM up) SELECT * FROM up").reads == ()
    )
    nested = "MERGE a.b USING (WITH c AS (SELECT * FROM d.e), f AS (SELECT * FROM c) SELECT * FROM f) ON TRUE"
    assert tables_of(nested).reads == ("d.e",)


def test_a_cte_lives_as_long_as_its_statement() -> None:
    assert tables_of("WITH x AS (SELECT 1) SELECT * FROM x; SELECT * FROM x").reads == ("x",)


def test_an_array_of_a_table_is_no_table() -> None:
    statement = (
        "SELECT (SELECT MAX(n) FROM r.stops) FROM mart.rides AS r, r.stops s CROSS JOIN UNNEST(r.legs) AS l"
    )
    assert tables_of(statement).reads == ("mart.rides",)


def test_a_temporary_table_is_neither_read_nor_written() -> None:
    tables = tables_of("CREATE TEMP TABLE t AS SELECT * FROM a.b; INSERT INTO c.d SELECT * FROM t")
    assert (tables.reads, tables.writes, tables.temporary) == (("a.b",), ("c.d",), ("t",))


def test_templates_keep_what_is_literal() -> None:
    statement = """
        {{ config(materialized='table') }}
        WITH rides AS (SELECT * FROM {{ ref('rides') }})
        SELECT * FROM {% if is_init() %} a.b {% else %} c.d {% endif %}
        JOIN {{ source('lake', 'stations') }} s ON TRUE
        JOIN `{{ project }}.mart.weather` ON TRUE
        JOIN `lake.events_{{ day }}` ON TRUE
        JOIN `{{ project }}.{{ app }}_live.{{ table }}` ON TRUE
        JOIN rides ON TRUE
    """
    assert tables_of(statement).reads == (
        "rides",
        "a.b",
        "c.d",
        "lake.stations",
        "mart.weather",
        "lake.events_*",
    )


def test_definitions_carry_lines_and_the_comment_right_above() -> None:
    found = analyse(
        "sql",
        "-- Licence: MIT\n\n-- Rides by day.\n-- Late ones too.\nCREATE VIEW mart.daily\nAS SELECT 1;\n\n"
        "/* Metres. */\nCREATE TEMP FUNCTION metres(x INT64) AS (x);\nSELECT metres(COUNT(*)), `udf.km`(1)\n",
    )
    view, function = found.definitions
    assert (view.kind, view.name, view.first_line, view.last_line) == ("view", "mart.daily", 5, 6)
    assert view.docstring == "Rides by day. Late ones too."
    assert (function.kind, function.name, function.first_line) == ("function", "metres", 9)
    assert function.docstring == "Metres."
    assert found.calls == ("count", "udf.km")


@pytest.mark.parametrize(
    "text",
    ["SELECT 1", "  -- why\n with a as (select 1) select 2", "/* x */ (SELECT 1)", "from a.b select x"],
)
def test_sql_is_known_by_how_it_starts(text: str) -> None:
    assert looks_like_sql(text)


@pytest.mark.parametrize("text", ["a > 1", "selected", "rides.csv", "", "update"])
def test_other_text_is_not_taken_for_sql(text: str) -> None:
    assert not looks_like_sql(text)
