"""Splits a criterion into statements, and a statement into its header and body."""

import re

from trialcriteria.relate.edges import only_windows
from trialcriteria.relate.scope import Region, Scope

# A full stop ends a sentence before a capital, unless it belongs to one of these.
_SENTENCE_END = re.compile(
    r"[.!?](?=\s+[A-Z(\[])|;|\n[ \t\r]*\n(?!\s*[<>\u2264\u2265=])|\n(?=\s*[-\u2022*]\s)"
    r"|\s(?=(?:Note|NOTE|N\.?B\.?)\s?:)"
)
# "AST <= 3 x ULN; if liver metastases, <= 5 x ULN": no statement of its own.
_OTHER_VALUE = re.compile(r";\s(?:or\s)?if\b[^;.,<>\u2264\u2265=]{3,60},?\s[<>\u2264\u2265=]")
_NOTE = re.compile(r"\W*(?:please\s)?(?:notes?|n\.?b\.?|important|comments?|remarks?)\s?:\s*")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|vs|approx|incl|excl|etc|no|dr|fig|resp|ca|min|max|st|spp)|(?:^|\s)[A-Z])$",
    re.IGNORECASE,
)
# What the site may do later is no requirement: "subjects may be rescreened once".
_REMARK = re.compile(
    r"\b(?:may|can|could|will|might|should) be (?:re-?screened|screened again|re-?scheduled"
    r"|re-?assessed|re-?tested|re-?considered|re-?evaluated|re-?enrolled|replaced|repeated)\b"
    r"|\bre-?screening (?:is|will be|may be) (?:allowed|permitted|possible)\b"
)
# What is done about what a sentence before asks: "It will be rated by the investigator".
_WILL_BE = re.compile(
    r"\bwill be (?:\w+ly )?(?:assessed|collected|conducted|determined|documented|done|evaluated"
    r"|made|measured|monitored|obtained|performed|provided|rated|recorded)\b"
)
# What only points elsewhere ("See protocol", "Further criteria apply") or nowhere ("Renal: Not
# specified") ...
_REFERS = re.compile(
    r"\W*(?:please\s)?(?:see|refer to)\s(?!an?\s)(?:[\w.()]+\s){0,6}[\w.()]+$"
    r"|\W*(?:further|other|additional|more)\b[\w\s/,-]{0,60}\bcriteria\b"
    r"(?:\s\w+){0,3}\s(?:apply|applies|applied)\b"
    r"|(?:[^.;:]{1,40}:\s)?not (?:specified|applicable|stated)\W*\Z"
    r"|none\W*\Z"
    r"|\W*the (?:above|following) information is not intended to\b"
    r"|\W*(?:there (?:is|are) )?no (?:limit(?:ation)?s?|restrictions?) (?:on|to|for|in|regarding)\b"
    r"|\W*should (?:an?|the) (?:wom[ae]n|female|patient|participant|subject)\b[^;]{1,200}"
    r"\b(?:inform|notify|contact)\b[^;]{0,80}\Z"
    r"|\W*the effects? of\b[^;]{1,300}\b(?:is|are)\s(?:not\s|un)known\W*\Z"
)
# ... or explains what counts as contraception, or as childbearing potential.
_METHODS = r"(?:contracepti\w+|birth control)(?:\smethods?|\smeasures?)?"
_EXPLAINS = re.compile(
    r"\W*(?:an?\s|the\s|examples of\s|such\s)?(?:(?:medically\s)?"
    r"(?:acceptable|accepted|adequate|appropriate|approved|effective|highly|permitted|reliable|barrier"
    rf"|allowed|suitable)\s)[\w\s,/()-]{{0,60}}{_METHODS}[\w\s]{{0,30}}"
    r"\s(?:includes?|including|comprises?|consists?|is defined|are defined|are considered|is one"
    r"|are those|are|have a)\b"
    r"|.{0,120}\babstinence\b.{0,200}\b(?:acceptable|not accepted|in line with)\b"
    r"|.{0,80}\bconsidered\s(?:to be\s|as\s|of\s|not\s|non-?){0,4}child-?\s?bearing\b"
)
# ... or announces the criteria without a colon.
_ANNOUNCES = re.compile(
    r"[^.;:]{0,120}\b(?:following\b[^.;:]{0,40}\bcriteria|criteria\s(?:\w+\s){0,2}(?:below|following))\b"
)
# Some of these are in every such statement: quicker to look for than the whole.
_REFERRING = (
    *("see", "refer", "criteria", "not specified", "not applicable", "not stated", "known", "none"),
    *("no limit", "restriction", "inform", "notify", "contact"),
)
_EXPLAINING = ("contracepti", "birth control", "abstinence", "considered")
_REMARKING = ("be re", "be screened", "screening")
_ASKS = re.compile(r"\b(?:must|should|shall|agrees?|willing|required)\b")
_HEADER_LIMIT = 240
_TITLE_WORDS = 2
_TITLES = frozenset({"age", "sex", "gender"})
_CHECKABLE = frozenset({"condition", "drug", "measurement", "device", "demographic", "value"})
_EDGE = " \t\r\n,;."  # a trailing colon stays: it makes a header


def split_statements(scope: Scope, region: Region) -> list[Region]:
    """Statements of a region: cut at semicolons, sentence ends and blank lines."""
    statements: list[Region] = []
    start = region.start
    for match in _SENTENCE_END.finditer(scope.view, region.start, region.end):
        if _is_boundary(scope, region, match):
            statements.append(scope.trimmed(Region(start, match.end()), _EDGE))
            start = match.end()
    statements.append(scope.trimmed(Region(start, region.end), _EDGE))
    return [
        part
        for statement in statements
        if statement.start < statement.end
        for part in _unwrapped(scope, _without_note(scope, statement))
    ]


def _unwrapped(scope: Scope, statement: Region) -> list[Region]:
    """A statement that stands in parentheses as a whole is one like any other."""
    if scope.parenthesis_at(statement.start) != statement:
        return [statement]
    return split_statements(scope, Region(statement.start + 1, statement.end - 1))


def _without_note(scope: Scope, statement: Region) -> Region:
    """ "Note: ..." announces nothing."""
    note = _NOTE.match(scope.lowered, statement.start, statement.end)
    return Region(note.end(), statement.end) if note else statement


def _is_boundary(scope: Scope, region: Region, match: "re.Match[str]") -> bool:
    at = match.start()
    if not scope.at_surface(at, region) or scope.inside_mention(at):
        return False
    if _OTHER_VALUE.match(scope.lowered, at, region.end):
        return False
    return match.group() != "." or not _ABBREVIATED.search(scope.view[region.start : at][-12:])


def split_header(scope: Scope, statement: Region) -> tuple[Region | None, Region]:
    """("During screening, one of the following", the rest) where a colon announces the rest."""
    at = scope.view.find(":", statement.start, min(statement.end, statement.start + _HEADER_LIMIT))
    while at >= 0:
        if _announces(scope, statement, at):
            body = scope.trimmed(Region(at + 1, statement.end))
            return scope.trimmed(Region(statement.start, at)), body
        at = scope.view.find(":", at + 1, min(statement.end, statement.start + _HEADER_LIMIT))
    return None, statement


def _announces(scope: Scope, statement: Region, at: int) -> bool:
    after = scope.view[at + 1 : at + 2]
    spaced = not after or after.isspace() or after.isalpha()
    outside = scope.at_surface(at, statement) and not scope.inside_mention(at)
    return spaced and outside and not _lists_examples(scope, at)


def _lists_examples(scope: Scope, at: int) -> bool:
    """Whether the colon follows "including" and the like, which name examples, not a body."""
    return any(c.kind == "example" and 0 <= at - c.end <= 2 for c in scope.cues)


def tells_procedure(scope: Scope, statement: Region) -> bool:
    """Whether a further sentence only says how the site goes about what was asked before."""
    if not _WILL_BE.search(scope.lowered, statement.start, statement.end):
        return False
    asks = _ASKS.search(scope.lowered, statement.start, statement.end)
    return not asks and not any(m.label == "consent" for m in scope.in_region(statement))


def announces_criteria(scope: Scope, statement: Region) -> bool:
    """ "A subject must meet all of the following criteria", with a colon or without."""
    if "criteria" not in scope.lowered:
        return False
    announced = _ANNOUNCES.match(scope.lowered, statement.start, statement.end)
    return announced is not None and only_windows(scope, statement)


def is_title(scope: Scope, statement: Region) -> bool:
    """A first sentence that only names what the next one says ("Weight. Body weight >= 1 kg")."""
    if not scope.view.startswith(".", statement.end):
        return False
    words = scope.lowered[statement.start : statement.end]
    mentions = scope.in_region(statement)
    if len(words.split()) > _TITLE_WORDS or len(mentions) != 1:
        return False
    named = mentions[0]
    again = any(m.source == named.source and m.start > named.end for m in scope.mentions)
    return words in _TITLES or (named.label == "measurement" and again)


def is_remark(scope: Scope, statement: Region) -> bool:
    """Whether a statement only says what may be done again, and names nothing to check.

    So does one that refers to somewhere else, or explains the words of another.
    """
    words = scope.lowered[statement.start : statement.end]
    if _holds(words, _REFERRING) and _REFERS.match(words):
        return True
    if _holds(words, _EXPLAINING) and _EXPLAINS.match(words):
        return not _ASKS.search(words)
    if not (_holds(words, _REMARKING) and _REMARK.search(words)):
        return False
    return not any(m.label in _CHECKABLE for m in scope.in_region(statement))


def _holds(words: str, stems: tuple[str, ...]) -> bool:
    return any(map(words.__contains__, stems))
