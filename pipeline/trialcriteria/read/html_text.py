"""HTML to the text a reader of the page sees, in the layout of its text rendering.

Blocks end lines, paragraphs and headings stand between blank lines, ``<br>`` is a line end, and
list items become lines with a bullet ("  • ") or, in ordered lists, their number ("  1. ").
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from trialcriteria.read.html_guard import safe_markup

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?"
    r"<(?:!doctype\s+html|html|head|body|main|article|section|div|h[1-6]|p|ul|ol|table)\b",
    re.IGNORECASE | re.DOTALL,
)
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_SKIPPED = frozenset({
    "head", "script", "style", "template", "noscript", "svg", "select", "iframe", "object",
})  # fmt: skip
_PARAGRAPHS = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "body", "dd", "details", "div", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "hr", "html", "li", "main", "nav",
    "section", "summary", "tbody", "thead", "tr",
})  # fmt: skip


def looks_like_html(text: str) -> bool:
    """Whether the text opens with a document type or an element of an HTML page."""
    return _HTML.match(text[:4096]) is not None


def render(page: str) -> str:
    """The text of an HTML page; raises ReadError where it is too large or nested too deeply."""
    writer = _Writer()
    body = LexborHTMLParser(safe_markup(page)).body
    stack: list[tuple[LexborNode, bool]] = [(body, False)] if body else []
    while stack:  # no recursion: nesting may be as deep as the page likes
        node, leaving = stack.pop()
        if leaving:
            writer.leave(node.tag or "")
        elif node.is_text_node:
            writer.write(node.text_content or "")
        elif node.is_element_node and node.tag not in _SKIPPED:
            writer.enter(node)
            stack.append((node, True))
            child = node.last_child
            while child is not None:
                stack.append((child, False))
                child = child.prev
    return "".join(writer.pieces)


class _Writer:
    """Collects the text; line ends and list markers wait until there is something to put."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._block_breaks = 0
        self._line_breaks = 0
        self._blank = False
        self._marker = ""
        self._lists: list[int | None] = []
        self._verbatim = 0

    def enter(self, node: LexborNode) -> None:
        """Start an element."""
        tag = node.tag or ""
        self._break_for(tag)
        if tag == "br":
            self._line_breaks += 1
        elif tag in ("ul", "ol"):
            self._lists.append(_first_number(node) if tag == "ol" else None)
        elif tag == "li":
            self._marker = self._next_marker()
        elif tag == "pre":
            self._verbatim += 1

    def leave(self, tag: str) -> None:
        """End an element."""
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "li":
            self._marker = ""
        elif tag == "pre":
            self._verbatim -= 1
        elif tag in ("td", "th"):
            self._blank = True
        self._break_for(tag)

    def write(self, text: str) -> None:
        """Put text; outside ``<pre>`` runs of blanks count as one, as in a browser."""
        if self._verbatim:
            self._put(text)
            return
        collapsed = _BLANKS.sub(" ", text)
        self._blank = self._blank or collapsed.startswith(" ")
        words = collapsed.strip(" ")
        if words:
            self._put(words)
            self._blank = collapsed.endswith(" ")

    def _put(self, text: str) -> None:
        breaks = max(self._block_breaks, self._line_breaks)
        if self.pieces and breaks:
            self.pieces.append("\n" * breaks)
        elif self.pieces and self._blank:
            self.pieces.append(" ")
        self.pieces.append(self._marker + text)
        self._block_breaks = self._line_breaks = 0
        self._blank, self._marker = False, ""

    def _break_for(self, tag: str) -> None:
        """Lines end at blocks; paragraphs ask for a blank line, but not inside a list item."""
        if self._marker:
            return
        if tag in _PARAGRAPHS:
            self._block_breaks = max(self._block_breaks, 1 if self._lists else 2)
        elif tag in _BLOCKS:
            self._block_breaks = max(self._block_breaks, 1)

    def _next_marker(self) -> str:
        indent = "  " * max(len(self._lists), 1)
        number = self._lists[-1] if self._lists else None
        if number is None:
            return indent + "\u2022 "
        self._lists[-1] = number + 1
        return f"{indent}{number}. "


def _first_number(node: LexborNode) -> int:
    start = (node.attributes.get("start") or "1").strip()
    return int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 1
