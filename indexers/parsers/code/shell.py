"""POSIX shell and Bash. Data is what well-known commands are given: SQL, tables, data files."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from indexers.parsers.code.data_access import HOLE, Access, is_data_file, path_name, table_name
from indexers.parsers.code.language import (
    Analysis,
    Captures,
    Comments,
    Defined,
    Grammar,
    Language,
    Node,
    analysis,
    bounded,
    first_line,
    first_paragraph,
    nested,
    text_of,
)
from indexers.parsers.code.sql_tables import looks_like_sql, tables_of
from indexers.parsers.code.words import words as word_set

GRAMMAR = Grammar(
    name="bash",
    query="""
        (function_definition) @function
        (command) @command
        (file_redirect) @redirect
        (heredoc_body) @heredoc
        (comment) @comment
    """,
    chains={},
)
_SQL_CLIENTS = word_set(
    "psql mysql mariadb sqlite3 duckdb bq snowsql snow hive beeline spark-sql impala-shell trino presto "
    "clickhouse-client clickhouse sqlcmd sqlplus athena redshift-data databricks"
)
_READERS = word_set("cat head tail zcat gzcat bzcat xzcat less wc sort cut jq awk csvcut csvgrep csvstat xsv")
_COPIES = frozenset(
    {
        ("aws", "s3", "cp"),
        ("aws", "s3", "mv"),
        ("gsutil", "cp"),
        ("gsutil", "mv"),
        ("gcloud", "storage", "cp"),
    }
)
_UNINTERESTING = word_set("[ [[ : echo printf cd exit return shift export set unset local true false test fi")


def analyse(text: str) -> Analysis:
    """Functions, sourced files, commands and data of a shell script."""
    captures = GRAMMAR.captured(text)
    commands = [(_name(node), _words(node)) for node in bounded(captures["command"])]
    return analysis(
        definitions=nested(_definitions(captures)),
        imports=(
            words[0] for name, words in commands if name in ("source", ".") and words and HOLE not in words[0]
        ),
        calls=(name for name, _ in commands if HOLE not in name and name not in _UNINTERESTING),
        accesses=_accesses(captures, commands),
        complete=captures.complete,
    )


def _definitions(captures: Captures) -> Iterator[Defined]:
    comments = Comments.of(captures["comment"])
    for node in captures["function"]:
        name = node.child_by_field_name("name")
        lines = [
            line.lstrip("#").strip() for line in comments.above(first_line(node)) if not line.startswith("#!")
        ]
        yield Defined(
            node=node,
            kind="function",
            name=text_of(name) if name else "",
            docstring=first_paragraph("\n".join(lines)),
        )


def _name(command: Node) -> str:
    name = command.child_by_field_name("name")
    return (
        _text(name.named_children[0] if name.named_children else name).rpartition("/")[2]
        if name is not None
        else ""
    )


def _words(command: Node) -> list[str]:
    return [_text(node) for node in command.children_by_field_name("argument")[:200]]


def _text(node: Node) -> str:
    """The word as the shell reads it, HOLE for each expansion."""
    if node.type == "raw_string":
        return text_of(node)[1:-1]
    if node.type == "string":
        return _expanded(text_of(node)[1:-1])
    if node.type == "concatenation":
        return "".join(_text(part) for part in node.children)
    return _expanded(text_of(node))


def _expanded(text: str) -> str:
    return re.sub(r"\$\{[^{}]*\}|\$\([^()]*\)|\$\w+|`[^`]*`(?!\.)", _hole, text)


def _hole(found: re.Match[str]) -> str:
    """An expansion, but not a name in (escaped) back quotes, which is SQL."""
    text = found.group()
    return text if text.startswith("`") and re.fullmatch(r"`[\w.\\-]+`", text) else HOLE


def _accesses(captures: Captures, commands: Sequence[tuple[str, list[str]]]) -> Iterator[Access]:
    for name, words in commands:
        if name in _SQL_CLIENTS:
            yield from _sql(words)
        if name in _COMMANDS:
            yield _COMMANDS[name](words)
        if name in _READERS:
            yield _files(reads=[word for word in words if not word.startswith("-")])
        if any((name, *words[: len(tool) - 1]) == tool for tool in _COPIES):
            places = [word for word in words[1:] if not word.startswith("-") and is_data_file(word)]
            yield _files(reads=places[:1], writes=places[1:2])
    for node in captures["heredoc"]:
        yield from _sql([_expanded(text_of(node))])
    for node in captures["redirect"]:
        target = node.child_by_field_name("destination")
        if target is not None:
            place = [_text(target)]
            yield (
                _files(reads=place)
                if text_of(node).lstrip("0123456789").startswith("<")
                else _files(writes=place)
            )


def _sql(words: Sequence[str]) -> Iterator[Access]:
    for word in words:
        statement = word.partition("=")[2] if word.startswith("--") else word
        statement = statement.replace("\\`", "`")
        if looks_like_sql(statement):
            tables = tables_of(statement)
            yield Access(reads=tables.reads, writes=tables.writes, temporary=tables.temporary)


def _bq(words: list[str]) -> Access:
    """`bq load TABLE FILE`, `bq extract TABLE FILE`, `bq cp FROM TO`, `bq query --destination_table=T`."""
    flags = {
        word.lstrip("-").partition("=")[0]: word.partition("=")[2] for word in words if word.startswith("-")
    }
    plain = [word for word in words if not word.startswith("-")]
    into = _tables([flags.get("destination_table", "")])
    match plain[:3]:
        case ["load", table, *file]:
            return Access(reads=_files(reads=file).reads, writes=_tables([table]))
        case ["extract", table, *file]:
            return Access(reads=_tables([table]), writes=_files(writes=file).writes)
        case ["cp", table, target]:
            return Access(reads=_tables([table]), writes=_tables([target]))
    return Access(writes=into)


def _download(words: list[str]) -> Access:
    """`wget -O FILE`, `curl -o FILE`."""
    outputs = [
        after for flag, after in pairwise(words) if flag in ("-O", "-o", "--output", "--output-document")
    ]
    inputs = [word for word in words if "://" in word]
    return _files(reads=inputs, writes=outputs)


def _tables(names: Sequence[str]) -> tuple[str, ...]:
    found = (table_name(name.replace(":", ".").partition("$")[0]) for name in names)
    return tuple(name for name in found if "." in name)


def _files(*, reads: Sequence[str] = (), writes: Sequence[str] = ()) -> Access:
    return Access(reads=_data_files(reads), writes=_data_files(writes))


def _data_files(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in map(path_name, words) if is_data_file(name))


_COMMANDS: dict[str, Callable[[list[str]], Access]] = {"bq": _bq, "wget": _download, "curl": _download}

SHELL_LANGUAGE = Language(
    name="shell",
    suffixes=(".sh", ".bash", ".zsh", ".ksh"),
    interpreters=("sh", "bash", "zsh", "ksh", "dash"),
    analyse=analyse,
)
