"""Text and HTML from strangers, made safe to stand inside a page. Pure: nothing is fetched or run.

Every function returns a `SafeString` whose only tags and classes are ours. Scripts, handlers, styles,
frames, forms, remote pictures and addresses other than http, https and mailto do not survive.
"""

from hub.web.rendering.ansi import ansi
from hub.web.rendering.clean import Destination, nowhere
from hub.web.rendering.code import code, code_lines
from hub.web.rendering.markup import Heading, Prose, fragment, markdown
from hub.web.rendering.table import Table, table

__all__ = [
    "Destination",
    "Heading",
    "Prose",
    "Table",
    "ansi",
    "code",
    "code_lines",
    "fragment",
    "markdown",
    "nowhere",
    "table",
]
