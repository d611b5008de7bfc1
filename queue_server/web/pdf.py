"""A page of ours on paper: PDF by WeasyPrint, in a process of its own, for it takes seconds that the queue must not wait for."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import design
from queue_server.errors import QueueServerError

HERE: Final = Path(__file__).parent
LONGEST_S: Final = 120
PANGO_MISSING: Final = "PDF needs Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0. Any browser prints the page."
_NOT_HERE: Final = 3
_one_at_a_time = asyncio.Lock()


class NoPdf(QueueServerError):
    """It could not be made; the sentence says why and what to do."""


def pdf_of(html: str) -> bytes:
    """Lay out one of our own pages on A4; nothing is fetched but our own style sheets.

    Raises:
        NoPdf: the libraries for it are missing.
    """
    try:
        from weasyprint import HTML  # loads libraries that need not be there
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as error:
        raise NoPdf(PANGO_MISSING) from error

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # the library publishes no types
        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
            path = urlsplit(url).path
            kind = "text/css" if path.endswith(".css") else "image/svg+xml"
            return URLFetcherResponse(url, _own_file(path), {"Content-Type": kind})

    made = HTML(string=_dressed(html), base_url="http://own/", url_fetcher=OwnFiles()).write_pdf()
    return bytes(made)


async def pdf_elsewhere(html: str) -> bytes:
    """The same in another process; one is made at a time.

    Raises:
        NoPdf: it could not be made.
    """
    async with _one_at_a_time:
        return await asyncio.to_thread(_in_a_process, html)


def _in_a_process(html: str) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "queue_server.web.pdf"],
            input=html.encode(),
            capture_output=True,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NoPdf(f"The PDF was not made within {LONGEST_S} s.") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise NoPdf(said[-1] if said else "The PDF was not made.")
    return done.stdout


def _own_file(path: str) -> bytes:
    """A file under `/static`.

    Raises:
        ValueError: it is none of ours.
    """
    for start, folder in (("/static/design/", design.static_path()), ("/static/", HERE / "static")):
        file = (folder / path.removeprefix(start)).resolve()
        if path.startswith(start) and file.is_relative_to(folder.resolve()) and file.is_file():
            return file.read_bytes()
    raise ValueError(f"{path} is no file of ours")


# ---- charts -------------------------------------------------------------------------------------
# On paper each chart is a picture of its own: it sees neither the page's colours nor the pattern that hatches.


def _dressed(html: str) -> str:
    defs = re.search(r"<defs>.*?</defs>", html, re.S)
    inner = f"<style>{_chart_css()}</style>{defs[0] if defs else ''}"
    return re.sub(r'(<svg class="chart(?! hidden)[^>]*>)', lambda svg: svg[1] + inner, html)


def _chart_css() -> str:
    tokens = _own_file("/static/design/tokens.css").decode()
    css = _own_file("/static/reports.css").decode()
    colours = dict(re.findall(r"(--[\w-]+):\s*([^;}]+)", _root(tokens) + _root(css)))
    rules = re.findall(r"(?:^|(?<=\}))\s*((?:\.chart|\.hatch)[^{}]*\{[^}]*\})", css)
    plain = "".join(rules) + "text{font-family:'Noto Sans CJK SC',sans-serif}"
    return re.sub(r"var\((--[\w-]+)\)", lambda name: colours.get(name[1], "#000"), plain)


def _root(css: str) -> str:
    found = re.search(r":root \{(.*?)\}", css, re.S)
    return found[1] if found else ""


def _main() -> int:
    os.nice(10)
    try:
        pdf = pdf_of(sys.stdin.buffer.read().decode())
    except NoPdf as error:
        sys.stderr.write(f"{error}\n")
        return _NOT_HERE
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
