"""Outputs of a code cell, each in its best representation."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

import orjson

from indexers.parsers.notebook import pictures
from indexers.parsers.notebook.document import Output
from indexers.parsers.notebook.reading import Reading

TEXT_LIMIT: Final = 64 * 1024
"""Characters of text kept of one output."""

DATA_LIMIT: Final = 256 * 1024
"""Markup and plot specifications above this many characters become blobs."""

MAX_OUTPUTS: Final = 5_000
"""Outputs read of one cell."""

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_PLOT = re.compile(r"application/vnd\.(?:plotly|vega(?:lite)?|bokehjs_exec)\b")
_WIDGET: Final = "application/vnd.jupyter.widget-view+json"
_DATA_TABLES: Final = ("application/vnd.dataresource+json", "application/vnd.databricks.v1+output")
_TEXTS: Final = ("text/plain", "text/markdown", "text/latex", "application/json")
_ONLY_TEXT: Final = frozenset(("text/plain",))
_PICTURES: Final = (*pictures.RASTER, pictures.SVG)
_V3_TYPES: Final = {
    "text": "text/plain",
    "html": "text/html",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "latex": "text/latex",
    "json": "application/json",
    "javascript": "application/javascript",
}


def read_outputs(reading: Reading, raw: object, cell: int) -> tuple[Output, ...]:
    """The outputs of the cell with this index, of nbformat 3 or 4; what is no output is a fault."""
    if not isinstance(raw, list):
        _bad_outputs(reading, cell, "The outputs are missing or not a list")
        return ()
    found: list[Output] = []
    streams: dict[int, list[str]] = {}
    if len(raw) > MAX_OUTPUTS:
        reading.fault(
            "notebook_too_many_outputs",
            f"The cell has {len(raw):,} outputs; those after {MAX_OUTPUTS:,} were not read. Print less.",
            cell=cell,
        )
    for item in raw[:MAX_OUTPUTS]:
        if not isinstance(item, dict):
            _bad_outputs(reading, cell, "An output is not an object")
        elif item.get("output_type") == "stream":
            _add_stream(reading, cell, item, found, streams)
        elif (output := _read_output(reading, cell, item)) is not None:
            found.append(output)
    for at, parts in streams.items():
        found[at] = text_output("".join(parts), name=found[at].name)
    return tuple(found)


def text_output(text: str, *, name: str = "", media_type: str = "text/plain") -> Output:
    """Text as a terminal would show it in the end: colours gone, overwritten progress bars too."""
    shown, truncated = _shown(text)
    return Output(kind="text", media_type=media_type, text=shown, truncated=truncated, name=name)


def error_output(name: str, value: str, traceback: str) -> Output:
    """An exception; `text` is its last line as Python prints it, the traceback keeps its colours."""
    value, truncated = _shown(value)
    trace, trace_truncated = _shown(traceback, colours=True)
    text = f"{name}: {value}" if value else name
    return Output(
        kind="error",
        text=text[:TEXT_LIMIT],
        truncated=truncated or trace_truncated or len(text) > TEXT_LIMIT,
        name=name[:200],
        value=value,
        traceback=trace,
    )


def picture_output(
    reading: Reading, cell: int, content: str, media_type: str, text: str = ""
) -> Output | None:
    """A picture out of its base64 (an SVG out of its text), None and a fault when it is neither."""
    if media_type == pictures.SVG:
        data = content.encode()
    else:
        try:
            data = pictures.decode(content)
        except pictures.PictureInvalid as error:
            reading.fault(
                "notebook_picture_invalid",
                f"A picture ({media_type}) in the outputs is not valid base64 ({error}); run the cell again.",
                cell=cell,
            )
            return None
    width, height = pictures.dimensions(data, media_type) or (None, None)
    shown, truncated = _shown(text)
    return Output(
        kind="picture",
        media_type=media_type,
        text=shown,
        truncated=truncated,
        digest=reading.keep(data, media_type),
        width=width,
        height=height,
    )


def html_output(reading: Reading, content: str, text: str = "") -> Output:
    """Markup: a table if it holds one."""
    shown, truncated = _shown(text)
    data, digest = _data(reading, content, "text/html")
    return Output(
        kind="table" if _TABLE.search(content) else "html",
        media_type="text/html",
        text=shown,
        truncated=truncated,
        data=data,
        data_type="text/html",
        data_digest=digest,
    )


def joined(value: object) -> str | None:
    """Text that nbformat keeps as a string or as a list of lines, None when it is neither."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        try:
            return "".join(cast("list[str]", value))
        except TypeError:
            return None
    return None


def _add_stream(
    reading: Reading,
    cell: int,
    item: Mapping[str, object],
    found: list[Output],
    streams: dict[int, list[str]],
) -> None:
    text = joined(item.get("text"))
    if text is None:
        _bad_outputs(reading, cell, "A stream output has no text")
        return
    name = item.get("name", item.get("stream"))
    name = name if isinstance(name, str) and name in ("stdout", "stderr") else "stdout"
    last = len(found) - 1
    if last in streams and found[last].name == name:
        streams[last].append(text)
        return
    found.append(Output(kind="text", name=name))
    streams[last + 1] = [text]


def _read_output(reading: Reading, cell: int, item: Mapping[str, object]) -> Output | None:
    match item.get("output_type"):
        case "display_data" | "execute_result" | "update_display_data":
            bundle = item.get("data")
            if bundle is None and "data" not in item:
                bundle = _v3_bundle(item)
        case "pyout":
            bundle = _v3_bundle(item)
        case "error" | "pyerr":
            return _read_error(item)
        case _:
            _bad_outputs(reading, cell, "An output is of no known type")
            return None
    if not isinstance(bundle, dict):
        _bad_outputs(reading, cell, "An output has no data")
        return None
    return _best(reading, cell, bundle)


def _v3_bundle(item: Mapping[str, object]) -> dict[str, object]:
    return {media: item[short] for short, media in _V3_TYPES.items() if short in item} | {
        name: value for name, value in item.items() if "/" in name
    }


def _read_error(item: Mapping[str, object]) -> Output:
    name, value, trace = item.get("ename"), item.get("evalue"), item.get("traceback")
    lines: Sequence[object] = trace if isinstance(trace, list) else [trace]
    return error_output(
        name if isinstance(name, str) else "Error",
        value if isinstance(value, str) else "",
        "\n".join(line for line in lines if isinstance(line, str)),
    )


def _best(reading: Reading, cell: int, bundle: Mapping[str, object]) -> Output | None:
    text = joined(bundle.get("text/plain")) or ""
    if bundle.keys() == _ONLY_TEXT and text:
        return text_output(text)
    picture = _picture(reading, cell, bundle, text)
    plot = next((name for name in bundle if _PLOT.match(name)), "")
    if plot:
        return _plot(reading, plot, bundle[plot], text, picture)
    if picture is not None:
        return picture
    if _WIDGET in bundle:
        return Output(kind="widget", media_type=_WIDGET, text=_shown(text)[0])
    if (markup := joined(bundle.get("text/html"))) is not None:
        return html_output(reading, markup, text)
    for media_type in _DATA_TABLES:
        if isinstance(value := bundle.get(media_type), dict):
            return _data_table(reading, media_type, value, text)
    return _text(reading, cell, bundle)


def _picture(reading: Reading, cell: int, bundle: Mapping[str, object], text: str) -> Output | None:
    for media_type in _PICTURES:
        if media_type in bundle:
            content = joined(bundle[media_type])
            if content is None:
                _bad_outputs(reading, cell, f"A picture ({media_type}) is not text")
                continue
            found = picture_output(reading, cell, content, media_type, text)
            if found is not None:
                return found
    return None


def _plot(reading: Reading, media_type: str, value: object, text: str, picture: Output | None) -> Output:
    """A plot specification; with a static picture beside it, the picture that has the plot as data."""
    data, digest = _data(reading, _json(value), media_type)
    shown, truncated = _shown(text)
    return Output(
        kind="picture" if picture else "plot",
        media_type=picture.media_type if picture else media_type,
        text=shown,
        truncated=truncated,
        digest=picture.digest if picture else "",
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        data=data,
        data_type=media_type,
        data_digest=digest,
    )


def _data_table(reading: Reading, media_type: str, value: Mapping[str, object], text: str) -> Output:
    data, digest = _data(reading, _json(value), media_type)
    shown, truncated = _shown(text)
    return Output(
        kind="table" if "schema" in value or value.get("type") == "table" else "html",
        media_type=media_type,
        text=shown,
        truncated=truncated,
        data=data,
        data_type=media_type,
        data_digest=digest,
    )


def _text(reading: Reading, cell: int, bundle: Mapping[str, object]) -> Output | None:
    for media_type in _preferred(bundle):
        value = bundle[media_type]
        text = joined(value)
        if text is None and media_type.endswith("json"):
            text = _json(value)
        if text is not None:
            return text_output(text, media_type=media_type)
    if bundle:
        _bad_outputs(reading, cell, "An output holds nothing that can be shown")
    return None


def _preferred(bundle: Mapping[str, object]) -> Iterable[str]:
    """Formatted text before plain, anything unknown last; pictures that could not be read are no text."""
    known = [name for name in ("text/markdown", "text/latex", *_TEXTS) if name in bundle]
    return (*known, *(name for name in bundle if name not in known and not name.startswith("image/")))


def _data(reading: Reading, content: str, media_type: str) -> tuple[str, str]:
    if len(content) <= DATA_LIMIT:
        return content, ""
    return "", reading.keep(content.encode(), media_type)


def _json(value: object) -> str:
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:  # an integer above 64 bits, or nested deeper than the encoder goes
        return "null"


def _shown(text: str, *, colours: bool = False) -> tuple[str, bool]:
    """The text as shown and whether it had to be cut; escape sequences go, but for `colours` if asked."""
    if "\x1b" in text:
        text = _ANSI.sub(_colour if colours else "", text)
    if "\r" in text:
        text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return text[:TEXT_LIMIT], len(text) > TEXT_LIMIT


def _colour(escape: re.Match[str]) -> str:
    return escape[0] if escape[0][-1] == "m" and escape[0][1] == "[" else ""


def _bad_outputs(reading: Reading, cell: int, what: str) -> None:
    reading.fault(
        "notebook_output_invalid", f"{what}; the cell is shown without it. Run the notebook again.", cell=cell
    )
