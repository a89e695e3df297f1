"""A notebook from somebody who means harm: each part tries to run, to ask another host, or to lead astray."""

from typing import Any, Final

_SCRIPT: Final = "window.touched=1;alert(1);fetch('https://evil.example/x')"
_PROSE: Final = f"""# Hostile <script>{_SCRIPT}</script>

<img src=https://evil.example/p.png onerror="{_SCRIPT}"> [click](javascript:{_SCRIPT}) ![p](https://evil.example/q.png)

<iframe src=https://evil.example></iframe><style>@import url(https://evil.example/s.css)</style>
<svg onload="{_SCRIPT}"></svg><base href=https://evil.example/><meta http-equiv=refresh content="0;https://evil.example">
"""
_TABLE: Final = f"""<script>{_SCRIPT}</script>
<table onmouseover="{_SCRIPT}"><tr><td style="background:url(https://evil.example/b)">one</td></tr></table>
<form action=https://evil.example><button>Send</button></form>"""
_DRAWING: Final = f"""<svg xmlns="http://www.w3.org/2000/svg" onload="{_SCRIPT}">
<image href="https://evil.example/i.png"/><script>{_SCRIPT}</script></svg>"""

_LINE: Final = "\x1b]8;;javascript:alert(1)\x07<img src=x>"


def _shown(kind: str, data: str) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {kind: data, "text/plain": "a result"}}


HOSTILE: Final[dict[str, Any]] = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3", "display_name": f"<script>{_SCRIPT}</script>"}},
    "cells": [
        {"cell_type": "markdown", "id": "prose", "metadata": {}, "source": _PROSE},
        {
            "cell_type": "code",
            "id": "code",
            "metadata": {},
            "execution_count": 1,
            "source": "</code></pre><script>alert(1)</script>",
            "outputs": [
                _shown("text/html", _TABLE),
                _shown("image/svg+xml", _DRAWING),
                _shown("application/javascript", _SCRIPT),
                {
                    "output_type": "stream",
                    "name": "stdout",
                    "text": "\x1b]8;;javascript:alert(1)\x07<img src=x>",
                },
            ],
        },
    ],
}
