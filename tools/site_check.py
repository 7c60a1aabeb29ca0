"""Fails if a page of the built site would load something from elsewhere.

python tools/site_check.py build/site
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

OUTSIDE = re.compile(r"(?:[a-z]+:)?//", re.IGNORECASE)
STYLE = re.compile(r"""(?:url\(|@import)\s*["']?((?:[a-z]+:)?//[^\s"')]+)""", re.IGNORECASE)


class _Loads(HTMLParser):
    """Collects the outside addresses that a browser asks for without a click."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "link" and values.get("rel") != "canonical":
            self._add(values.get("href", ""))
        for name in ("src", "srcset", "poster", "data"):
            self._add(values.get(name, ""))
        self.found += STYLE.findall(values.get("style", ""))

    def _add(self, address: str) -> None:
        if OUTSIDE.match(address):
            self.found.append(address)


def outside(page: str) -> list[str]:
    """Outside addresses that a page of HTML loads; links to click do not count."""
    loads = _Loads()
    loads.feed(page)
    return loads.found + [
        address
        for style in re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL)
        for address in STYLE.findall(style)
    ]


def main() -> None:
    """Check all pages and style sheets below the folder that the command line names."""
    site = Path(sys.argv[1])
    pages = {path: outside(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    if not pages:
        sys.exit(f"{site}: there are no pages; build the site first: make docs")
    sheets = {p: STYLE.findall(p.read_text(encoding="utf-8")) for p in site.rglob("*.css")}
    lines = [
        f"{path}: loads {address}"
        for path, addresses in sorted((pages | sheets).items())
        for address in addresses
    ]
    if lines:
        sys.exit("\n".join(lines))


if __name__ == "__main__":
    main()
