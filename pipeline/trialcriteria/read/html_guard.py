"""What is done to an HTML page before it is parsed: scripts go, absurd nesting is refused.

An HTML parser looks through its open elements at every tag, and repeats unclosed formatting
elements in every later paragraph. Both cost little on any real page and without bound on a
hostile one, so the sum is estimated first, in one pass over the tags.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from trialcriteria.errors import ReadError

MAX_HTML = 2_000_000
"""Longest HTML page, in code points."""

MAX_WORK = 2_000_000
"""Most open elements seen, summed over all tags (a page of 20,000 tags nested 30 deep: 600,000)."""

_RAW_OPENING = re.compile(r"<!(?=--)|<(?:script|style)\b", re.IGNORECASE)
_RAW_CLOSING = {
    "!": re.compile("-->"),
    "script": re.compile(r"</script\b[^>]*>?", re.IGNORECASE),
    "style": re.compile(r"</style\b[^>]*>?", re.IGNORECASE),
}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]{0,30})([^<>]*)")
_NEVER_OPEN_FOR_LONG = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr", "p", "li", "dt", "dd", "td", "th", "tr", "option",
})  # fmt: skip
"""Void elements, and those that the next of their kind closes."""


def safe_markup(page: str) -> str:
    """The page without its scripts, styles and comments.

    Raises ReadError where it is over MAX_HTML, or nested beyond MAX_WORK.
    """
    if len(page) > MAX_HTML:
        raise ReadError(f"HTML page of {len(page):,} characters, over the limit of {MAX_HTML:,}")
    markup = "".join(_without_scripts(page))
    if _nesting_work(markup) > MAX_WORK:
        raise ReadError("HTML page nested too deeply")
    return markup


def _without_scripts(page: str) -> Iterator[str]:
    position = 0
    while opening := _RAW_OPENING.search(page, position):
        yield page[position : opening.start()]
        closing = _RAW_CLOSING[opening[0][1:].lower()].search(page, opening.end())
        if closing is None:
            return
        position = closing.end()
    yield page[position:]


def _nesting_work(markup: str) -> int:
    """Open elements, those with long attributes several times, summed over the opening tags."""
    open_elements: defaultdict[str, list[int]] = defaultdict(list)
    depth = work = 0
    for slash, name, attributes in _TAG.findall(markup):
        tag = name.lower()
        if not slash:
            work += depth
        if tag in _NEVER_OPEN_FOR_LONG:
            continue
        if not slash:
            open_elements[tag].append(1 + len(attributes) // 64)
            depth += open_elements[tag][-1]
        elif open_elements[tag]:
            depth -= open_elements[tag].pop()
    return work
