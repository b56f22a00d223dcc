"""What people are able, willing or ready to do: "unable to comply with visits".

The deed is one observation on its own words, however many concepts these name; what is said of the
consent form is left to the consent. Rows of ``lexicons/abilities.toml`` say which words ask for a
deed and where it ends.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.schema import Span
from trialcriteria.tag.mentions import Mention
from trialcriteria.view import lower_view

PREFIX = "ability."
UNLIKELY = "ability.unlikely"
_SCORE = 0.8
_REACH = 260  # code points that a deed takes at most
_BEFORE = 60  # code points in which something can hinder the ability
_FORM = 40  # code points behind a deed in which the form's name can stand
_MOST_WORDS = 16
_MOST_ITEMS = 8
_STEM = 5
_CUES = ("able", "unable", "likely")
_CUTS = frozenset({"value", "dose", "count", "duration"})
_TOKEN = re.compile(r"[\w'&*]+(?:[-/.'][\w'&*]+)*|[^\w\s]")
_ENDS = frozenset(".;:()")
_JOINS = frozenset({"and", "or", "and/or", "/", ",", "&"})
_ALSO = r"(?:,? (?:and ?/ ?or|and|or) |/|, ?)(?:be |is |are |the |an? )?"
_LANGUAGE = re.compile(
    r"\b(?:languages?|english|spanish|french|german|hindi|chinese|mandarin|japanese|italian"
    r"|portuguese|dutch|arabic|danish|swedish|norwegian|korean)\b"
)
_ADJACENT = re.compile(r"\s+(?:(?!and|or)[a-z]+\s+){0,2}")
_CONSENT = re.compile(r"\b(?:consents?|assents?|icf|permissions?|hipaa)\b")
_WHOSE = r"(?:of (?:the )?(?:subject|patient|participant|individual)s? )?"
_AHEAD = re.compile(r"[\s,]{0,3}(?:\([^()]{0,30}\)[\s-]?)?(?:(?!and|or)[\w-]+ ){0,2}(?:con|as)sent")
_CONSENT_NAME = re.compile(
    r"\b(?:informed )?(?:consent|assent)s?(?: forms?| documents?)?\b|\bicf\b"
)


class AbilityRow(Row):
    """Words of one part; see abilities.toml."""

    part: str
    words: tuple[str, ...]


class _Token(NamedTuple):
    """A word of a deed; ``ill``: a condition's name begins here."""

    start: int
    end: int
    word: str
    ill: bool


class _Deed(NamedTuple):
    """Verbs that share an object (null: none), the words that deny them, and the rule."""

    verbs: tuple[Span, ...]
    thing: Span | None
    denied: Span | None
    unlikely: bool


def with_abilities(view: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """The mentions, deeds in place of what their words name."""
    lowered = lower_view(view)
    if not any(stem in lowered for stem in _stems()) or not _cue().search(lowered):
        return mentions
    deeds = _with_things(lowered, list(_deeds(lowered, mentions)))
    deeds = [deed for deed in deeds if not _is_kept(lowered, deed)]
    found = [m for deed in deeds if not _of_consent(lowered, deed) for m in _found(lowered, deed)]
    consents = [deed for deed in deeds if _of_consent(lowered, deed)]
    grasped = [m for deed in consents for m in _grasped(lowered, deed)]
    places = [place for mention in found for place in mention.places]
    taken = _mask(lowered, [*places, *(Span(m.start, m.end) for m in grasped)])
    kept = [m for m in mentions if m.label in _CUTS or not any(taken[m.start : m.end])]
    kept = [*_with_denied(lowered, consents, kept), *grasped]
    return tuple(sorted((*kept, *found), key=lambda m: (m.start, m.end)))


def _with_things(lowered: str, deeds: list[_Deed]) -> list[_Deed]:
    """ "Able to understand, and willing to follow the procedures": both do the same thing."""
    for place in range(len(deeds) - 2, -1, -1):
        deed, following = deeds[place], deeds[place + 1]
        between = lowered[deed.verbs[-1].end : following.verbs[0].start]
        if deed.thing is None and _LEADS_ON.fullmatch(between):
            deeds[place] = deed._replace(thing=following.thing)
    return deeds


_LEADS_ON = re.compile(r",? ?(?:and ?/ ?or|and|or|/)? ?(?:[\w-]+[ /]+){1,6}(?:to|of) ")


def _words_of(lowered: str, deed: _Deed) -> str:
    return lowered[deed.verbs[0].start : (deed.thing or deed.verbs[-1]).end]


def _is_kept(lowered: str, deed: _Deed) -> bool:
    """Whether the concept that the deed is about stands for it."""
    words = _words_of(lowered, deed)
    return any(word in words for word in _words("kept"))


def _of_consent(lowered: str, deed: _Deed) -> bool:
    """Whether a deed is done to a consent form; brackets and commas may stand before its name."""
    if _CONSENT.search(_words_of(lowered, deed)):
        return True
    verb = lowered[deed.verbs[0].start : deed.verbs[0].end]
    signed = deed.thing is not None and verb in _words("consenting")
    return bool(signed and deed.thing and _AHEAD.match(lowered, deed.thing.end))


def _mask(lowered: str, places: Iterable[Span]) -> bytearray:
    mask = bytearray(len(lowered))
    for start, end in places:
        mask[start:end] = b"\1" * (end - start)
    return mask


def _found(lowered: str, deed: _Deed) -> Iterator[Mention]:
    """A deed for each verb; reading and speaking a language is one."""
    thing = deed.thing
    if thing is None:
        yield from (_mention(verb, deed) for verb in deed.verbs)
    elif _LANGUAGE.search(lowered, thing.start, thing.end) and thing.start > deed.verbs[0].start:
        yield _mention(Span(deed.verbs[0].start, thing.end), deed)
    else:
        for verb in deed.verbs:
            alone = lowered[verb.start : verb.end] in _words("intransitive")
            if _ADJACENT.fullmatch(lowered, verb.end, thing.start):
                yield _mention(Span(verb.start, thing.end), deed)
            else:
                yield _mention(verb, deed, None if alone else thing)


def _mention(place: Span, deed: _Deed, shared: Span | None = None) -> Mention:
    source = UNLIKELY if deed.unlikely else PREFIX + ("unable" if deed.denied else "able")
    return Mention(
        "observation", place.start, place.end, source, _SCORE, shared=shared, denied=deed.denied
    )


def _grasped(lowered: str, deed: _Deed) -> Iterator[Mention]:
    """ "Understand and sign the consent form": the form is to be understood, too."""
    thing = deed.thing
    named = thing and _CONSENT_NAME.search(lowered, thing.start, thing.end + _FORM)
    for verb in deed.verbs if named else ():
        if named and lowered[verb.start : verb.end] in _words("grasping"):
            yield _mention(verb, deed, Span(*named.span()))


def _with_denied(lowered: str, deeds: list[_Deed], mentions: list[Mention]) -> list[Mention]:
    """The mentions, consents that the deeds deny marked so."""
    for deed in deeds:
        if deed.denied is not None:
            end = (deed.thing or deed.verbs[-1]).end + _FORM
            mentions = [
                m._replace(denied=deed.denied)
                if m.label == "consent" and m.start < end and deed.denied.start < m.end
                else m
                for m in mentions
            ]
    return mentions


def _deeds(lowered: str, mentions: tuple[Mention, ...]) -> Iterator[_Deed]:
    """Every deed of a text, in order."""
    cuts = sorted(m.start for m in mentions if m.label in _CUTS)
    conditions = {m.start for m in mentions if m.label == "condition"}
    free = 0
    for cue in _cue().finditer(lowered):
        if cue.start() < free or _is_reason(lowered, cue):
            continue
        cut = bisect_left(cuts, cue.end())
        end = min([cue.end() + _REACH, *cuts[cut : cut + 1]])
        tokens = [_token(m, conditions) for m in _TOKEN.finditer(lowered, cue.end(), end)]
        following = _cue().search(lowered, cue.end())
        if following:
            tokens = [t for t in tokens if t.end <= following.start()]
        denied = Span(*cue.span("word")) if _denies(cue) else None
        for deed in _in_row(tokens, cue["word"], denied):
            free = (deed.thing or deed.verbs[-1]).end
            yield deed


def _token(found: "re.Match[str]", conditions: set[int]) -> _Token:
    return _Token(*found.span(), found[0], found.start() in conditions)


def _is_reason(lowered: str, cue: "re.Match[str]") -> bool:
    """Whether the ability is only what something hinders or causes."""
    before = lowered[max(0, cue.start() - _BEFORE) : cue.start()]
    clause = re.split(r"[.;:]", before)[-1]
    return any(word in clause for word in _words("reason"))


def _denies(cue: "re.Match[str]") -> bool:
    return cue["word"] in _words("unable") or cue["not"] is not None


def _in_row(tokens: list[_Token], cue: str, denied: Span | None) -> Iterator[_Deed]:
    """The deeds that follow a cue: "understand the study, attend visits and keep a diary"."""
    at = 0
    for _ in range(_MOST_ITEMS):
        verbs, at = _verbs(tokens, at)
        if not verbs:
            return
        first = verbs[0].word
        thing, at = _thing(tokens, at, first)
        asked = _asked(first, cue)
        if asked and (thing or first in _words("alone")):
            spans = tuple(Span(verb.start, verb.end) for verb in verbs)
            yield _Deed(spans, thing, denied, cue in _words("likely"))
        at = _next_verb(tokens, at)


def _next_verb(tokens: list[_Token], at: int) -> int:
    """Where the next deed of the same clause begins: a verb right behind a connector."""
    start = at
    while at < len(tokens) and not (
        tokens[at].word in _ENDS or tokens[at].word in _words("clause")
    ):
        following = _behind_joins(tokens, at)
        plain = at == start or tokens[at].word != ","
        if following > at and plain and _is_verb(tokens, following):
            return following
        at = max(following, at + 1)
    return len(tokens)


def _asked(verb: str, cue: str) -> bool:
    if cue in _words("likely"):
        return verb in _words("alone") | _words("listing")
    promised = cue.startswith("agree") and verb in _words("agreed")
    return not (promised or any(verb in _words(part) for part in ("other", "stop", "open")))


def _verbs(tokens: list[_Token], at: int) -> tuple[list[_Token], int]:
    """Verbs in a row and where their object begins: "swallow and retain", "comply with"."""
    verbs: list[_Token] = []
    while at < len(tokens) and len(verbs) < _MOST_ITEMS:
        at = _behind_adverbs(tokens, at)
        if at >= len(tokens) or not tokens[at].word[0].isalpha():
            break
        verb, at = tokens[at], at + 1
        while at < len(tokens) and tokens[at].word in _words("goes_on"):
            at += 1
        verbs.append(verb)
        following = _behind_joins(tokens, at)
        if following == at or not _is_verb(tokens, following):
            break
        at = following
    return verbs, at


def _is_verb(tokens: list[_Token], at: int) -> bool:
    at = _behind_adverbs(tokens, at)
    return at < len(tokens) and tokens[at].word in _words("verb")


def _behind_adverbs(tokens: list[_Token], at: int) -> int:
    while at < len(tokens) and _is_adverb(tokens[at].word):
        at += 1
    return at


def _is_adverb(word: str) -> bool:
    return word in _words("adverb") or (word.endswith("ly") and word not in _words("verb"))


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
    listing = verb in _words("listing")
    stops = _words("stop") - {"to"} if verb in _words("onward") else _words("stop")
    while at < len(tokens) and at - start < _MOST_WORDS:
        word = tokens[at].word
        if word in _JOINS:
            if at == start:
                break
            at = _behind_joins(tokens, at)
            if tokens[at - 1].word == "to" or not _goes_on(tokens, at, word, listing):
                break
            continue
        behind = last > start and word in _words("behind")
        if behind or not word[0].isalnum() or word in stops:
            break
        at += 1
        last = at if word not in _words("open") else last
    if last == start or not tokens[start].word[0].isalnum():
        return None, start
    return Span(tokens[start].start, tokens[last - 1].end), last


def _goes_on(tokens: list[_Token], at: int, join: str, listing: bool) -> bool:
    """Whether a further object follows: no verb, nothing else that is asked."""
    if at >= len(tokens) or (join == "," and not listing):
        return False
    word = tokens[at].word
    apart = (
        (word in _words("apart") and (join, word) != ("or", "her"))
        or word in _words("stop")
        or tokens[at].ill
    )
    return not apart and word[0].isalnum() and not _is_verb(tokens, at)


@cache
def _words(part: str) -> frozenset[str]:
    rows = load_rows("abilities", AbilityRow)
    return frozenset(word for row in rows if row.part == part for word in row.words)


@cache
def _stems() -> tuple[str, ...]:
    """What the cues begin with, the commonest first: quicker to look for than the cues."""
    cues = [word.split()[-1][:_STEM] for part in _CUES for word in sorted(_words(part))]
    return tuple(dict.fromkeys(["able", *cues]))


@cache
def _cue() -> "re.Pattern[str]":
    words = sorted({w for part in _CUES for w in _words(part)}, key=len, reverse=True)
    one = "(?:" + "|".join(map(re.escape, words)) + ")"
    also = rf"(?:{_ALSO}{one}){{0,2}}"
    return re.compile(rf"\b(?P<word>{one}){also}(?: \w+ly)? {_WHOSE}(?:(?P<not>not) )?(?:to|of) ")
