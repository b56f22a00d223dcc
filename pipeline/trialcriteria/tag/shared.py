"""Concepts that share a word with their neighbour: "hepatic or renal impairment".

A list of modifiers before a concept's head word ("bacterial, viral or fungal infections"),
letters behind a name ("hepatitis B or C"), heads behind a common modifier ("CYP3A4 inhibitors or
inducers"), and lexicon terms that are two ("drug or alcohol abuse"): each conjunct becomes a
mention of its own words, with the words it shares in ``Mention.shared``.
"""

import re
from collections.abc import Iterator

from trialcriteria.schema import Span
from trialcriteria.tag.conjuncts import (
    JOIN,
    WORD,
    concept_of,
    conjunct,
    each_type,
    letters_behind,
    shared_words,
    substances_behind,
    twins_behind,
)
from trialcriteria.tag.cues import qualifier_rows
from trialcriteria.tag.fold import fold
from trialcriteria.tag.heads import is_head, is_modifier
from trialcriteria.tag.mentions import Mention

_REACH = 160  # code points before a concept that can hold the rest of its list
_CONNECTOR = 30  # code points that a connector before a concept takes
_MOST_WORDS = 3
_CONNECTED = re.compile(rf"(?:\b{JOIN}|/|&)\s*(?:(other)\s+(?:\w+\s+)?)?\Z")
_JOINS = re.compile(r"and|or|[/&]")  # some of these are in every connector
_SEPARATOR = re.compile(rf"\s*(?:,\s*(?:{JOIN}\b\s*)?|\b{JOIN}\s+|/|&\s*)(?:other\s+(?:\w+\s+)?)?")
_EDGE = re.compile(rf"[,;:/&()\[\]\n]\s*(?:{JOIN}\s+)?|\b{JOIN}\s+")
_PREFIXES = r"(hypo|hyper|pre|peri|post|tachy|brady|micro|macro|neuro|nephro|retino)"
_PREFIX = re.compile(rf"{_PREFIXES}-?(?=\w{{4}})", re.IGNORECASE)
_CUT_OFF = re.compile(r"-\s?[/&ao]", re.IGNORECASE)  # in every _PREFIXED: quick to look for
_PREFIXED = re.compile(rf"\b{_PREFIXES}-\s?(?:/ ?|{JOIN} |& ?)\Z", re.IGNORECASE)
# "disorders of the eye or skin disease"
_OF = re.compile(r"\bof\b(?: the)? [\w -]*\Z")
_PARENTHESES = re.compile(r"\([^()]{1,120}\)")
_OR = re.compile(r"\s+(?:or|and/or)\s+")
_ABUSE = re.compile(r"(?<!of )\b(?:abuse|misuse|addiction|dependen(?:ce|cy))\Z", re.IGNORECASE)
_WOMEN = r"(?:wom[ae]n|females?)(?: (?:patient|participant|subject)s?)?"
_PEOPLE = re.compile(
    rf"({_WOMEN})(?: who are)?(?: of| with| who)? ((?:child|reproductive|can |capable).+)"
    rf"|(.+) ({_WOMEN})",
    re.IGNORECASE,
)
_LABELS = frozenset({"condition", "procedure", "measurement", "drug"})
_OF_PEOPLE = frozenset({"demographic", "observation"})


def with_shared_words(view: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """The mentions and, between them, those that lack a word of their own."""
    found = list(mentions)
    hyphened = _CUT_OFF.search(view) is not None
    for mention in mentions:
        halves = _split(view, mention)
        if halves:
            found.remove(mention)
            found.extend(halves)
        else:
            listed = _listed(view, mention) if mention.label in _LABELS else []
            if hyphened:
                listed = [*_prefixes(view, mention), *listed]
            if listed:
                found = [m for m in found if not _is_part(view, m, mention, listed)]
                rest = [m for m in found if m is not mention]
                found.extend(
                    new
                    for new in listed
                    if not any(m.start < new.end and new.start < m.end for m in rest)
                )
    return tuple(sorted(found, key=lambda m: m.start))


def _split(view: str, mention: Mention) -> list[Mention]:
    """The two concepts of words that name two; none where they do not."""
    if mention.label in _LABELS:
        return _halves(view, mention) or each_type(view, mention)
    return _people(view, mention)


def _is_part(view: str, other: Mention, mention: Mention, listed: list[Mention]) -> bool:
    """Whether the other mention is no more than a part of what is listed with the mention."""
    return _is_of_letter(view, other, listed) or _is_abused(view, other, mention, listed)


def _is_abused(view: str, other: Mention, mention: Mention, listed: list[Mention]) -> bool:
    """ "Tobacco" in "tobacco or alcohol abuse"."""
    if _ABUSE.search(view, mention.start, mention.end) is None:
        return False
    return any((other.start, other.end) == (new.start, new.end) for new in listed)


def _is_of_letter(view: str, mention: Mention, listed: list[Mention]) -> bool:
    """Whether it is the "infection" of "C infection" in "hepatitis B or C infection"."""
    return any(
        view[new.start + 1].isspace() and new.start <= mention.start and mention.end <= new.end
        for new in listed
        if new.end - new.start > 1
    )


def _listed(view: str, mention: Mention) -> list[Mention]:
    listed: list[Mention] = []
    if head := _head_of(view, mention):
        listed += _before(view, mention, head)
    if view[mention.end - 2].isspace():
        listed += letters_behind(view, mention)
    listed += twins_behind(view, mention)
    if mention.source == "frame.abuse":
        listed += substances_behind(view, mention)
    return listed


def _prefixes(view: str, mention: Mention) -> Iterator[Mention]:
    """ "Hypo-" in "hypo- or hyperthyroidism"."""
    own = _PREFIX.match(view, mention.start, mention.end)
    if own is None or mention.time is not None:  # "pre- and postoperatively"
        return
    other = _PREFIXED.search(view, max(0, mention.start - _CONNECTOR), mention.start)
    if other:
        stem = Span(own.end(), mention.end)
        named = concept_of(other[1] + view[stem.start : stem.end])
        yield conjunct(mention, Span(other.start(1), other.end(1) + 1), stem, named)


def _before(view: str, mention: Mention, head: Span) -> Iterator[Mention]:
    """What is listed before a mention of modifier and head, nearest first."""
    floor = max(0, mention.start - _REACH)
    end = mention.start
    plain = _without_parentheses(view, floor, end)
    for separator in reversed(list(_SEPARATOR.finditer(plain, floor, mention.start))):
        if separator.end() != end:
            return
        start = _open(plain, floor, separator.start())
        new = _conjunct(plain, Span(start, separator.start()), mention, head)
        if new is None:
            return
        yield new
        if new.start != start:
            return
        end = start


def _without_parentheses(view: str, start: int, end: int) -> str:
    """The view, between two places blanks for what stands in parentheses: "hepatic (ALT > 60)"."""
    words = view[start:end]
    if "(" not in words:
        return view
    plain = _PARENTHESES.sub(lambda found: " " * len(found[0]), words)
    return f"{' ' * start}{plain}{view[end:]}"


def _head_of(view: str, mention: Mention) -> Span | None:
    """The last word of a concept, where a list leads up to it and it takes modifiers."""
    floor = max(0, mention.start - _CONNECTOR)
    listed = _JOINS.search(view, floor, mention.start)
    connected = _CONNECTED.search(view, listed.start(), mention.start) if listed else None
    if not connected:
        return None
    words = list(WORD.finditer(view, mention.start, mention.end))
    if (len(words) < 2 and not connected[1]) or words[-1].end() != mention.end:
        return None
    last = fold(words[-1].group())
    return Span(*words[-1].span()) if is_head(last) or last in shared_words("head") else None


def _open(view: str, floor: int, end: int) -> int:
    """Where the stretch up to the separator before it begins."""
    for found in reversed(list(_EDGE.finditer(view, floor, end))):
        return found.end()
    return floor


def _conjunct(view: str, piece: Span, mention: Mention, head: Span) -> Mention | None:
    """The longest end of a piece that makes a concept with the head; none where none does."""
    words = list(WORD.finditer(view, piece.start, piece.end))[-_MOST_WORDS:]
    if not words or words[-1].end() != piece.end or _OF.search(view, piece.start, piece.end):
        return None
    for first in range(len(words)):
        own = Span(words[first].start(), piece.end)
        named = concept_of(f"{view[own.start : own.end]} {view[head.start : head.end]}")
        parted = "  " in view[own.start : own.end]  # by parentheses
        if parted or any(_is_plain(word.group()) for word in words[first:]):
            continue
        if named and not named.source.startswith("head:"):
            return conjunct(mention, own, head, named)
        modified = all(is_modifier(fold(w.group())) for w in words[first:])
        if modified and mention.label != "drug":
            return conjunct(mention, own, head, named)
    return None


def _is_plain(word: str) -> bool:
    return fold(word) in shared_words("plain") or word.lower() in qualifier_rows()


def _people(view: str, mention: Mention) -> list[Mention]:
    """ "Women of childbearing potential", "lactating women": the people and their state."""
    if mention.label not in _OF_PEOPLE:
        return []
    found = _PEOPLE.fullmatch(view, mention.start, mention.end)
    if found is None or (found[3] and mention.label != "observation"):
        return []
    people, state = (1, 2) if found[1] else (4, 3)
    who = concept_of(found[people])
    if who is None:
        return []
    parts = [
        Mention("demographic", *found.span(people), who.source, mention.score, name=who.name),
        Mention("observation", *found.span(state), mention.source, mention.score, mention.name),
    ]
    return sorted(parts, key=lambda m: m.start)


def _halves(view: str, mention: Mention) -> list[Mention]:
    """Both concepts of a lexicon term that names two."""
    words = view[mention.start : mention.end]
    joined = _OR.search(words) if "or" in words else None
    if joined is None or _OR.search(words, joined.end()):
        return []
    left = Span(mention.start, mention.start + joined.start())
    right = Span(mention.start + joined.end(), mention.end)
    second = concept_of(words[joined.end() :])
    tail = list(WORD.finditer(view, right.start, right.end))[-1]
    together = concept_of(f"{words[: joined.start()]} {tail.group()}")
    first = concept_of(words[: joined.start()])
    if second is None:
        return []
    whole = mention._replace(start=right.start, source=second.source, name=second.name)
    if together and not together.source.startswith("head:"):
        return [conjunct(mention, left, Span(*tail.span()), together), whole]
    if first is None:
        return []
    return [mention._replace(end=left.end, source=first.source, name=first.name), whole]
