"""Python, R, Scala, Java and shell: definitions, imports, calls, data."""

from indexers.parsers.code import analyse
from indexers.parsers.code.language import Analysis


def definitions(found: Analysis) -> list[tuple[str, str, int, int, str]]:
    return [(one.kind, one.name, one.first_line, one.last_line, one.docstring) for one in found.definitions]


PYTHON = '''
import os.path
import numpy as np, pandas as pd
from sklearn.linear_model import LogisticRegression as Model
from . import local
from .near import (one, two as second)

RIDES = "lake/rides.csv"
QUERY = """SELECT * FROM mart.rides JOIN `lake.mart.stations` USING (id)"""


class Station(Base):
    """A station.

    And more."""

    def rides(self, day):
        # counted
        r"""Rides of a day."""
        def inner(): ...
        frame = pd.read_csv(RIDES).groupby("day").sum()
        Model().fit(frame)
        second(frame)
        return frame


async def publish(day, engine, client):
    pd.read_parquet(os.path.join("lake", f"{day}", "rides.parquet"))
    pd.read_sql(QUERY, engine).to_sql("agg", con=engine)
    spark.read.format("delta").option("versionAsOf", 1).load("s3://lake/rides")
    spark.table("mart.rides").write.mode("overwrite").saveAsTable("mart.daily")
    spark.sql("CREATE OR REPLACE TEMP VIEW late AS SELECT * FROM raw.late")
    spark.sql(f"SELECT * FROM late JOIN {day}.raw.early")
    np.loadtxt("https://user:secret@example.org/a.csv?token=1")
    with open("out/log.json", "w") as sink, open("notes.md") as notes: ...
    frame.query("a > 1")
    client.query("SELECT 1 FROM `a-b.c.d` WHERE x = '%s'" % day)
    pd.read_csv("/home/olga/rides_2024.csv")
    pd.read_csv(unknown)
'''


def test_python_is_read_with_its_aliases_constants_and_docstrings() -> None:
    found = analyse("python", PYTHON)
    assert found.complete
    assert definitions(found) == [
        ("class", "Station", 12, 24, "A station."),
        ("method", "Station.rides", 17, 24, "Rides of a day."),
        ("function", "Station.rides.inner", 20, 20, ""),
        ("function", "publish", 27, 39, ""),
    ]
    assert found.imports == ("os.path", "numpy", "pandas", "sklearn.linear_model", ".local", ".near")
    assert found.calls[:6] == (
        "pandas.read_csv",
        "pandas.read_csv.groupby",
        "pandas.read_csv.groupby.sum",
        "sklearn.linear_model.LogisticRegression",
        "sklearn.linear_model.LogisticRegression.fit",
        ".near.two",
    )
    assert found.reads == (
        "lake/rides.csv",
        "lake/*/rides.parquet",
        "mart.rides",
        "lake.mart.stations",
        "s3://lake/rides",
        "raw.late",
        "raw.early",
        "https://example.org/a.csv",
        "a-b.c.d",
        "~/rides_2024.csv",
    )
    assert found.writes == ("agg", "mart.daily", "out/log.json")


def test_python_of_another_time_or_in_conflict_is_read_as_far_as_it_goes() -> None:
    conflict = "<<<<<<< HEAD\nimport pandas as pd\n=======\ndef f(a:=1):\n>>>>>>> theirs\n"
    found = analyse("python", f'print "x"\n{conflict}pd.read_csv("a.csv")\n')
    assert not found.complete
    assert found.reads == ("a.csv",)
    assert found.imports == ("pandas",)


def test_a_name_that_is_set_twice_stands_for_no_file() -> None:
    assert analyse("python", 'P = "a.csv"\nP = "b.csv"\nopen(P)\nopen("c.csv")').reads == ("c.csv",)


def test_duckdb_reads_variables_of_the_file_which_are_no_datasets() -> None:
    found = analyse(
        "python", 'import duckdb\nrides = 1\nduckdb.sql("select * from rides join mart.stations")'
    )
    assert found.reads == ("mart.stations",)


R = """
library(dplyr); suppressPackageStartupMessages(library("data.table"))
require(sf, quietly = TRUE)
FILE <- "lake/stations.parquet"

#' Load rides.
#'
#' More words.
#' @param day A day.
load_rides <- function(day, late = FALSE) {
  rides <- readr::read_csv(file.path("lake", "rides.csv")) |> dplyr::filter(day == !!day)
  rides %>% write_csv("out/rides.csv")
  saveRDS(rides, file = "out/rides.rds")
}
near = function() arrow::read_parquet(FILE)
setClass("Station", representation(name = "character"))
tbl(con, in_schema("mart", "rides")); con %>% tbl("stations")
dbGetQuery(con, "select * from mart.weather where day = 1")
dbWriteTable(con, "daily", rides)
save(rides, near, file = "all.RData"); fread(command)
"""


def test_r_is_read_with_packages_pipes_and_roxygen() -> None:
    found = analyse("r", R)
    assert found.complete
    assert definitions(found) == [
        ("function", "load_rides", 10, 14, "Load rides."),
        ("function", "near", 15, 15, ""),
        ("class", "Station", 16, 16, ""),
    ]
    assert found.imports == ("dplyr", "data.table", "sf", "readr", "arrow")
    assert {"readr::read_csv", "dplyr::filter", "tbl"} <= set(found.calls)
    assert found.reads == (
        "lake/rides.csv",
        "lake/stations.parquet",
        "mart.rides",
        "stations",
        "mart.weather",
    )
    assert found.writes == ("out/rides.csv", "out/rides.rds", "daily", "all.RData")


SCALA = '''
package com.wheels
import org.apache.spark.sql.{DataFrame, SparkSession => Session, _}
import scala.util.Try, java.io.File

/** Loads rides.
  *
  * More words. */
class Loader(spark: Session) extends Job {
  /** Rides of a day.
    * @param day a day */
  def rides(day: Int): DataFrame = spark.read.format("csv").option("header", "true").load(s"s3://lake/$day/r.csv")
}
object Loader {
  val Query = """select *
    |from raw.rides""".stripMargin
  def main = { spark.sql(Query); df.write.mode("overwrite").saveAsTable("mart.rides"); Session.builder() }
}
trait Job
case class Ride(day: Int)
'''


def test_scala_is_read_with_imports_and_interpolated_paths() -> None:
    found = analyse("scala", SCALA)
    assert definitions(found) == [
        ("class", "Loader", 9, 13, "Loads rides."),
        ("method", "Loader.rides", 12, 12, "Rides of a day."),
        ("object", "Loader", 14, 18, ""),
        ("method", "Loader.main", 17, 17, ""),
        ("trait", "Job", 19, 19, ""),
        ("class", "Ride", 20, 20, ""),
    ]
    assert found.imports == (
        "org.apache.spark.sql.DataFrame",
        "org.apache.spark.sql.SparkSession",
        "org.apache.spark.sql",
        "scala.util.Try",
        "java.io.File",
    )
    assert "org.apache.spark.sql.SparkSession.builder" in found.calls
    assert (found.reads, found.writes) == (("s3://lake/*/r.csv", "raw.rides"), ("mart.rides",))


JAVA = """
package com.wheels;
import java.util.List;
import static org.junit.Assert.*;
import org.apache.spark.sql.SparkSession;

/**
 * Loads rides.
 */
public class Loader {
  private static final String STATIONS = "mart.stations";

  /** Counts <b>rides</b> of a {@link Day}.
   * @return how many */
  long count() {
    spark.read().format("csv").load("lake/" + day + "/rides.csv");
    spark.table(STATIONS).write().mode("append").insertInto("mart.daily");
    return statement.executeQuery("select * from mart.rides").size();
  }

  enum State { DOCKED, RIDING }
}
"""


def test_java_is_read_with_constants_and_javadoc() -> None:
    found = analyse("java", JAVA)
    assert definitions(found) == [
        ("class", "Loader", 10, 22, "Loads rides."),
        ("method", "Loader.count", 15, 19, "Counts rides of a Day."),
        ("enum", "Loader.State", 21, 21, ""),
    ]
    assert found.imports == ("java.util.List", "org.junit.Assert", "org.apache.spark.sql.SparkSession")
    assert found.reads == ("lake/*/rides.csv", "mart.stations", "mart.rides")
    assert found.writes == ("mart.daily",)


SHELL = r"""#!/bin/bash
source ./common.sh

# Load the rides
# of a day.
load() { psql -c "select * from raw.rides where day = $1"; }

bq query --destination_table=p:mart.daily --use_legacy_sql=false "SELECT 1 FROM \`p.raw.late\`" > out.csv
bq load raw.weather gs://lake/weather.csv
curl -o stations.json "https://user:secret@example.org/stations.json?key=1"
psql <<EOF
insert into mart.weather select * from raw.weather
EOF
aws s3 cp rides.parquet "s3://lake/rides.parquet"
sort < in.tsv >> "$OUT/sorted.csv"
"""


def test_shell_is_read_where_a_command_clearly_names_data() -> None:
    found = analyse("shell", SHELL)
    assert definitions(found) == [("function", "load", 6, 6, "Load the rides of a day.")]
    assert found.imports == ("./common.sh",)
    assert {"psql", "bq", "curl", "aws"} <= set(found.calls)
    assert set(found.reads) == {
        "raw.rides",
        "p.raw.late",
        "gs://lake/weather.csv",
        "https://example.org/stations.json",
        "raw.weather",
        "rides.parquet",
        "in.tsv",
    }
    assert set(found.writes) == {
        "p.mart.daily",
        "out.csv",
        "raw.weather",
        "stations.json",
        "mart.weather",
        "s3://lake/rides.parquet",
        "sorted.csv",
    }
