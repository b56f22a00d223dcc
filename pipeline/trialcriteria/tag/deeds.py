"""Deeds that a text asks for: "able to understand and follow the instructions".

Rows of ``lexicons/abilities.toml`` say which words ask for a deed and where it ends.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.schema import Span
from trialcriteria.tag.cues import words_of
from trialcriteria.tag.mentions import Mention

GRAMMAR = frozenset({"value", "dose", "count", "duration"})
"""What ends a deed and stays beside it."""
_REACH = 260  # code points that a deed takes at most
_BEFORE = 60  # code points in which something can hinder the ability
_MOST_WORDS = 16
_MOST_ITEMS = 8
_CUES = ("able", "unable", "likely")
_MODALS = (("cannot", "verb"), ("can", "can_verb"))
_TOKEN = re.compile(r"[\w'&*]+(?:[-/.'][\w'&*]+)*|[^\w\s]")
_ENDS = frozenset(".;:()")
_JOINS = frozenset({"and", "or", "and/or", "/", ",", "&"})
_ALSO = r"(?:,? (?:and ?/ ?or|and|or) |/|, ?)(?:be |is |are |the |an? )?"
_WHOSE = r"(?:of (?:the )?(?:subject|patient|participant|individual)s? )?"


class AbilityRow(Row):
    """Words of one part; see abilities.toml."""

    part: str
    words: tuple[str, ...]


class _Token(NamedTuple):
    """A word of a deed, and the kind of the concept whose name begins here."""

    start: int
    end: int
    word: str
    kind: str | None


class Deed(NamedTuple):
    """Verbs that share an object (null: none), the words that deny them, and the rule."""

    verbs: tuple[Span, ...]
    thing: Span | None
    denied: Span | None
    unlikely: bool


def asks(lowered: str) -> bool:
    """Whether a text can hold a deed."""
    return not _cue_words().isdisjoint(words_of(lowered).words) and bool(_cue().search(lowered))


def find_deeds(lowered: str, mentions: tuple[Mention, ...]) -> Iterator[Deed]:
    """Every deed of a text, in order."""
    cuts = sorted(m.start for m in mentions if m.label in GRAMMAR)
    kinds: dict[int, str] = {m.start: m.label for m in mentions}
    free = 0
    for cue in _cue().finditer(lowered):
        if cue.start() < free or _is_reason(lowered, cue):
            continue
        cut = bisect_left(cuts, cue.end())
        end = min([cue.end() + _REACH, *cuts[cut : cut + 1]])
        tokens = [_token(m, kinds) for m in _TOKEN.finditer(lowered, cue.end(), end)]
        following = _cue().search(lowered, cue.end())
        if following:
            tokens = [t for t in tokens if t.end <= following.start()]
        denied = Span(cue.start(), cue.start() + len(_word(cue))) if _denies(cue) else None
        for deed in _in_row(tokens, _word(cue), denied):
            free = (deed.thing or deed.verbs[-1]).end
            yield deed


def _token(found: "re.Match[str]", kinds: Mapping[int, str]) -> _Token:
    return _Token(*found.span(), found[0], kinds.get(found.start()))


def _word(cue: "re.Match[str]") -> str:
    return cue["word"] or cue["modal"].rstrip()


def _is_reason(lowered: str, cue: "re.Match[str]") -> bool:
    """Whether the ability is only what something hinders or causes."""
    before = lowered[max(0, cue.start() - _BEFORE) : cue.start()]
    clause = re.split(r"[.;:]", before)[-1]
    return any(word in clause for word in listed("reason"))


def _denies(cue: "re.Match[str]") -> bool:
    return _word(cue) in listed("unable") | listed("cannot") or cue["not"] is not None


def _in_row(tokens: list[_Token], cue: str, denied: Span | None) -> Iterator[Deed]:
    """The deeds that follow a cue: "understand the study, attend visits and keep a diary"."""
    at = 0
    for _ in range(_MOST_ITEMS):
        verbs, at = _verbs(tokens, at)
        if not verbs:
            return
        first = verbs[0].word
        thing, at = _thing(tokens, at, first)
        asked = _asked(first, cue) or _nameless(tokens, first, thing, cue)
        if asked and (thing or first in listed("alone")):
            spans = tuple(Span(verb.start, verb.end) for verb in verbs)
            yield Deed(spans, thing, denied, cue in listed("likely"))
        at = _next_verb(tokens, at)


def _next_verb(tokens: list[_Token], at: int) -> int:
    """Where the next deed of the same clause begins: a verb right behind a connector."""
    start = at
    ends = _ENDS | listed("clause")
    while at < len(tokens) and tokens[at].word not in ends:
        following = _behind_joins(tokens, at)
        plain = at == start or tokens[at].word != ","
        if following > at and plain and _is_verb(tokens, following):
            return following
        at = max(following, at + 1)
    return len(tokens)


def _asked(verb: str, cue: str) -> bool:
    if cue in listed("likely"):
        return verb in listed("alone") | listed("listing")
    promised = cue.startswith("agree") and verb in listed("agreed")
    return not (promised or any(verb in listed(part) for part in ("other", "stop", "open")))


def _nameless(tokens: list[_Token], verb: str, thing: Span | None, cue: str) -> bool:
    """ "Willing to use the study app": a deed that no concept in it tells."""
    if thing is None or verb not in listed("nameless") or cue in listed("likely"):
        return False
    return not any(token.kind for token in tokens if thing.start <= token.start < thing.end)


def _verbs(tokens: list[_Token], at: int) -> tuple[list[_Token], int]:
    """Verbs in a row and where their object begins: "swallow and retain", "comply with"."""
    verbs: list[_Token] = []
    while at < len(tokens) and len(verbs) < _MOST_ITEMS:
        at = _behind_adverbs(tokens, at)
        if at >= len(tokens) or not tokens[at].word[0].isalpha():
            break
        verb, at = tokens[at], at + 1
        while at < len(tokens) and tokens[at].word in listed("goes_on"):
            at += 1
        verbs.append(verb)
        following = _behind_joins(tokens, at)
        if following == at or not _is_verb(tokens, following):
            break
        at = following
    return verbs, at


def _is_verb(tokens: list[_Token], at: int) -> bool:
    at = _behind_adverbs(tokens, at)
    return at < len(tokens) and tokens[at].word in listed("verb")


def _behind_adverbs(tokens: list[_Token], at: int) -> int:
    while at < len(tokens) and _is_adverb(tokens[at].word):
        at += 1
    return at


def _is_adverb(word: str) -> bool:
    return word in listed("adverb") or (word.endswith("ly") and word not in listed("verb"))


def _behind_joins(tokens: list[_Token], at: int) -> int:
    """Behind ", and to" and the like; ``at`` where no connector stands."""
    start = at
    while at < len(tokens) and tokens[at].word in _JOINS:
        at += 1
    if at > start and at < len(tokens) and tokens[at].word == "to":
        at += 1
    return at


def _thing(tokens: list[_Token], at: int, verb: str) -> tuple[Span | None, int]:
    """The object's words, and where they end; a list goes on where its verb takes lists."""
    start = last = at
    listing = verb in listed("listing")
    stops = listed("stop") - {"to"} if verb in listed("onward") else listed("stop")
    while at < len(tokens) and at - start < _MOST_WORDS:
        word = tokens[at].word
        if word in _JOINS:
            if at == start:
                break
            at = _behind_joins(tokens, at)
            if tokens[at - 1].word == "to" or not _goes_on(tokens, at, word, listing):
                break
            continue
        behind = last > start and word in listed("behind")
        if behind or not word[0].isalnum() or word in stops:
            break
        at += 1
        last = at if word not in listed("open") else last
    if last == start or not tokens[start].word[0].isalnum():
        return None, start
    return Span(tokens[start].start, tokens[last - 1].end), last


def _goes_on(tokens: list[_Token], at: int, join: str, listing: bool) -> bool:
    """Whether a further object follows: no verb, nothing else that is asked."""
    if at >= len(tokens) or (join == "," and not listing):
        return False
    word = tokens[at].word
    apart = (
        (word in listed("apart") and (join, word) != ("or", "her"))
        or word in listed("stop")
        or tokens[at].kind == "condition"
    )
    return not apart and word[0].isalnum() and not _is_verb(tokens, at)


@cache
def listed(part: str) -> frozenset[str]:
    """The words of one part of abilities.toml."""
    rows = load_rows("abilities", AbilityRow)
    return frozenset(word for row in rows if row.part == part for word in row.words)


@cache
def _cue_words() -> frozenset[str]:
    """A word of each cue: quicker to look for than the cues."""
    cues = {word.split()[-1] for part in _CUES for word in listed(part)}
    modals = {re.split(r"\W", word)[0] for part, _ in _MODALS for word in listed(part)}
    return frozenset(cues | modals)


@cache
def _cue() -> "re.Pattern[str]":
    cues = _any({word for part in _CUES for word in listed(part)})
    also = rf"(?:{_ALSO}{cues}){{0,2}}"
    asked = rf"(?P<word>{cues}){also}(?: \w+ly)? {_WHOSE}(?:(?P<not>not) )?(?:to|of) "
    modal = "|".join(
        rf"{_any(listed(part))} (?=(?:and will )?(?:\w+ly )?{_any(listed(verbs))}\b)"
        for part, verbs in _MODALS
    )
    return re.compile(rf"\b(?:{asked}|(?<!which )(?<!that )(?P<modal>{modal})(?:and will )?)")


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"
