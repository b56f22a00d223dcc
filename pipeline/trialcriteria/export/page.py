"""The frame of a self-contained HTML page: nothing is loaded, and only its own code may run."""

import base64
import hashlib
from functools import cache
from html import escape
from importlib.resources import files


def framed(package: str, title: str, body: str, scripted: bool = True) -> str:
    """The page around ``body``, which is HTML, with the package's ``page.css`` and ``page.js``.

    A content security policy allows this style and this script by their hashes and nothing else.
    """
    style, script = _asset(package, "page.css"), _asset(package, "page.js") if scripted else ""
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n{body}<script>{script}</script>\n</body>\n</html>\n"
    )


@cache
def _asset(package: str, name: str) -> str:
    return files(package).joinpath(name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return f"'sha256-{digest}'"
