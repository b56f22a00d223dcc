"""Recognises headings: what kind of section they open, for whom, and where their words end."""

import re
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from trialcriteria.schema import SectionKind
from trialcriteria.segment.lexicon import TOKEN, cue, fold, joined_phrases, phrases

MAX_HEADING = 160  # code points looked at for heading words
MAX_ANNOUNCEMENT = 240
MAX_TITLE = 12  # words of a heading beside its core phrase
MAX_LEADING = 9  # words of a heading that ends with its core phrase
MAX_QUALIFIERS = 4
MAX_NUMBERED = 60  # code points of a numbered title up to the word that shows it is a title

Strength = Literal["core", "group", "cohort", "title"]

_FUZZY = {"inclusion": "i", "exclusion": "e", "criteria": "c", "eligibility": "e"}
_COLON = re.compile(r"\s{0,3}[:\uff1a;]+")
_END = re.compile(r"[\s:.;,*_#=\-\uff1a()\[\]]*$")
_BARE_END = re.compile(r"[\s:*_#=\-\uff1a]*$")
_BRACKET = re.compile(r"\s*\([^()]{0,120}\)")
_LIST_START = re.compile(r"\s*(?:\(?\d{1,2}[.)](?!\d)|[•●▪■·*]|-\s|\(?[a-z][.)]\s)")
_DASH = re.compile(r"\s*(?:-\s|-(?=[^\W\d_])|\(|\[|,)")
_STOP = re.compile(r"[:;.\u2022\d]")
_OPPOSITE = re.compile(r"\s*(?:/|and|&|or)\s*(?:exclusion|inclusion)(?:\s+criteria)?")
_SENTENCE_BREAK = re.compile(r"[.;]\s|\d[.)]|,")
_VERB = re.compile(
    r"\b(?:is|are|was|were|will|may|must|should|shall|has|have|had|apply|applies|exist|met|meet|"
    r"can|cannot|be|do|does|not|see|refer|listed|considered)\b"
)
_LEAD = re.compile(r"(?:see|no|not|per|other|as|meets?|any|fulfil|fulfill|same|if|when|who|with)\b")
_LISTS = re.compile(r"\b(?:in|ex)clud(?:es?|ing)\b")
_CONNECT = re.compile(
    r"[\s:;,.()\[\]*-]*"
    r"((?:(?:only )?\b(?:for|in|of|to|at|the|specific|applicable|relevant|regarding)\b[\s:;()-]*)*)"
)
_WHOLE_LIST = re.compile(
    r"\b(?:all|any|each|none)(?: of)?(?: the)? following\b"
    r"|\b(?:meet|fulfill?|satisfy) (?:all|any)(?: of)?(?: the)? (?:in|ex)clusion criteria\b"
)
_TITLE_WORDS = re.compile(r"[A-Z][^.,;:]*[.:]?\s*")
_SENTENCE = re.compile(r"\s(?=[A-Z][a-z]{1,20} [^.:]{15})")
_NUMBERED_TITLE = re.compile(r"\d{1,2}\.\d{1,2}\.?$")


class Heading(NamedTuple):
    """A heading found at ``start``; its words end at ``end``; ``kind`` None inherits."""

    start: int
    end: int
    kind: SectionKind | None
    cohort: str | None
    strength: Strength


class Words(NamedTuple):
    """The words that may be a heading: where they stand, and their folded beginning."""

    view: str
    start: int
    end: int
    head: str
    whole: bool  # whether ``head`` is all of them


class Phrase(NamedTuple):
    """A core phrase at the beginning of the words: its end in ``head``, its kind."""

    end: int
    kind: SectionKind | None
    bare: bool


def read_heading(view: str, start: int, end: int) -> Heading | None:
    """The heading whose words begin at ``start``, judged by its own words only."""
    head = fold(view[start : min(end, start + MAX_HEADING)])
    words = Words(view, start, end, head, end - start <= MAX_HEADING)
    found = _core(words)
    if found is None:
        found = _capital_group(words)
    if found is None and words.whole:
        found = _group(words) or _trailing_core(words)
    return found


def _core(words: Words) -> Heading | None:
    """Heading words first: "Key inclusion criteria for cohort B: ..."."""
    phrase = _leading_phrase(words.head)
    if phrase is None:
        return None
    opposite = _OPPOSITE.match(words.head, phrase.end)
    if opposite:
        phrase = phrase._replace(end=opposite.end())
    end = (_BARE_END if phrase.bare else _END).match(words.head, phrase.end)
    if end and words.whole:
        return Heading(words.start, words.end, phrase.kind, None, "core")
    colon = _COLON.match(words.head, phrase.end)
    if colon:
        return _with_inline_rest(words, words.start + colon.end(), phrase.kind)
    return None if phrase.bare else _with_words_behind(words, phrase)


def _with_inline_rest(words: Words, split: int, kind: SectionKind | None) -> Heading:
    """The heading ends at its colon, unless "for ..." behind it says for whom."""
    rest = words.view[split : words.end]
    cohort = cohort_of(rest) if len(rest) <= 60 else None
    if cohort and fold(rest).lstrip().startswith("for "):
        return Heading(words.start, words.end, kind, cohort, "core")
    return Heading(words.start, split, kind, None, "core")


def _with_words_behind(words: Words, phrase: Phrase) -> Heading | None:
    """No colon directly behind the phrase: the list itself, or for whom, when, "are:"."""
    rest = words.head[phrase.end :]
    people = words.whole and names_people(rest.strip(" -:"), 0, len(rest.strip(" -:")))
    if _LIST_START.match(rest) and not people:
        end = words.start + phrase.end
        return Heading(words.start, end, phrase.kind, None, "core")
    bracket = _BRACKET.match(rest)
    colon = rest.find(":", bracket.end() if bracket else 0)
    tail = rest[:colon] if colon >= 0 else rest
    if _is_tail(tail, people, colon, words):
        stop = words.start + phrase.end + (colon + 1 if colon >= 0 else len(rest))
        verb = _VERB.search(tail)
        if not verb or (colon >= 0 and not words.view[stop : words.end].strip()):
            behind = words.view[words.start + phrase.end : stop]
            cohort = None if verb else cohort_of(behind)
            return Heading(words.start, stop, phrase.kind, cohort, "core")
    return _flattened(words, phrase)


def _is_tail(tail: str, people: bool, colon: int, words: Words) -> bool:
    """Whether the words behind the phrase still belong to a heading."""
    if len(TOKEN.findall(tail)) > MAX_TITLE:
        return False
    connected = _DASH.match(tail) or _connects(tail) or people
    return colon >= 0 or (words.whole and bool(connected))


def _connects(tail: str) -> bool:
    connect = _CONNECT.match(tail)
    return connect is not None and bool(connect[1].strip())


def _flattened(words: Words, phrase: Phrase) -> Heading | None:
    """A lost line break: "Inclusion Criteria Patients with ..."."""
    end = words.start + phrase.end
    printed = words.view[words.start : end].split()
    following = words.view[end : end + 2].strip()
    titled = len(printed) > 1 and all(word[:1].isupper() for word in printed if len(word) > 3)
    if titled and following[:1].isupper():
        return Heading(words.start, end, phrase.kind, None, "core")
    return None


def _leading_phrase(head: str) -> Phrase | None:
    """The core phrase at the start of ``head``, qualifiers before it skipped."""
    if not head[:1].isascii():
        for joined, kind in joined_phrases():
            if head.startswith(joined):
                return Phrase(len(joined), kind, False)
    opening = TOKEN.search(head)
    if opening is None or _canonical(opening.group()) not in _opening_words():
        return None
    found = _first_words(head)
    for at, first in enumerate(found[: MAX_QUALIFIERS + 1]):
        word = _canonical(first.group())
        for role in ("core", "bare"):
            for phrase, kind in phrases(role).get(word, ()):
                matches = found[at : at + len(phrase)]
                if tuple(_canonical(match.group()) for match in matches) == phrase:
                    return Phrase(matches[-1].end(), kind, role == "bare")
        if word not in phrases("qualifier"):
            return None
    return None


@lru_cache(maxsize=1)
def _opening_words() -> frozenset[str]:
    return frozenset().union(*(phrases(role) for role in ("core", "bare", "qualifier")))


def _first_words(head: str) -> list[re.Match[str]]:
    """The words before the first punctuation mark or digit, as many as a heading can have."""
    stop = _STOP.search(head)
    words = TOKEN.finditer(head, 0, stop.start() if stop else len(head))
    return list(islice(words, MAX_LEADING))


@lru_cache(maxsize=8192)
def _canonical(word: str) -> str:
    """A core word for its misspelling (at most two edits, the same first letter)."""
    if word in _FUZZY or not 6 <= len(word) <= 13 or word in _known_words():
        return word
    allowed = 1 if len(word) < 8 else 2
    for target, first in _FUZZY.items():
        near = word[0] == first and abs(len(word) - len(target)) <= allowed
        if near and _distance(word, target) <= allowed:
            return target
    return word


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    listed = (p for role in ("core", "bare") for found in phrases(role).values() for p, _ in found)
    return frozenset(word for phrase in listed for word in phrase)


@lru_cache(maxsize=1)
def _last_words() -> frozenset[str]:
    """The words that a phrase of heading words ends in."""
    listed = (p for role in ("core", "bare") for found in phrases(role).values() for p, _ in found)
    return frozenset(phrase[-1] for phrase in listed)


def _distance(left: str, right: str) -> int:
    """Edit distance in which swapping two neighbours is one edit."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, char in enumerate(left):
        current = [i + 1]
        for j, other in enumerate(right):
            cost = min(row[j] + (char != other), row[j + 1] + 1, current[j] + 1)
            if i and j and char == right[j - 1] and left[i - 1] == other:
                cost = min(cost, before[j - 1] + 1)
            current.append(cost)
        before, row = row, current
    return row[-1]


def _group(words: Words) -> Heading | None:
    """A heading that only groups: "PATIENT CHARACTERISTICS:"."""
    opening = TOKEN.search(words.head)
    listed = phrases("group").get(opening.group(), ()) if opening else ()
    found = tuple(TOKEN.findall(words.head)) if listed else ()
    if len(found) > MAX_TITLE:
        return None
    for phrase, kind in listed:
        if phrase == found:
            return Heading(words.start, words.end, kind, None, "group")
    return None


def _capital_group(words: Words) -> Heading | None:
    """A grouping phrase in capitals with its first criterion behind the colon."""
    colon = words.head.find(":")
    title = words.view[words.start : words.start + max(colon, 0)]
    if not title.isupper() or colon + 1 == len(words.head):
        return None
    inner = Words(words.view, words.start, words.start + colon + 1, words.head[: colon + 1], True)
    return _group(inner)


def _trailing_core(words: Words) -> Heading | None:
    """Heading words last: "Study B exclusion criteria:"."""
    head = words.head
    found = list(islice(TOKEN.finditer(head), MAX_LEADING + 1))
    if not 2 <= len(found) <= MAX_LEADING or _canonical(found[-1].group()) not in _last_words():
        return None
    if _LEAD.match(head) or _VERB.search(head):
        return None
    if _LISTS.search(head) or _SENTENCE_BREAK.search(head):
        return None
    final = head[found[-1].end() :]
    for size, role in ((3, "core"), (2, "core"), (1, "bare")):
        if len(found) < size:
            continue
        tail = tuple(_canonical(match.group()) for match in found[-size:])
        kinds = dict(phrases(role).get(tail[0], ()))
        if tail in kinds and (":" in final if role == "bare" else _END.match(final)):
            before = words.view[words.start : words.start + found[-size].start()]
            return Heading(words.start, words.end, kinds[tail], cohort_of(before), "core")
    return None


def cohort_of(words: str) -> str | None:
    """The population that the words beside a heading name, as printed; None for everybody."""
    connect = _CONNECT.match(fold(words))
    at = connect.end() if connect else 0
    name = words[at:].strip(" \t:;,.[]*-_\u00a0\\")
    name = name.strip("()") if name.count("(") != name.count(")") else name
    folded = fold(name)
    if not name or "\n" in name or cue("cohort.none").search(folded):
        return None
    return name


def announcement(view: str, start: int, end: int) -> SectionKind | None:
    """Kind of a sentence that only announces a list; "other" where it does not say."""
    if end - start > MAX_ANNOUNCEMENT or view[end - 1] not in ":\uff1a.":
        return None
    folded = fold(view[start:end]).strip().rstrip(":\uff1a;. ").rstrip()
    if view[end - 1] == "." and not _WHOLE_LIST.search(folded):
        return None
    if ". " in folded or "; " in folded:
        return None
    if cue("announce.exclusion").search(folded):
        return "exclusion"
    if cue("announce.inclusion").search(folded):
        return "inclusion"
    return "other" if cue("announce.plain").search(folded) else None


def is_section_number(label: str | None) -> bool:
    """Whether a label looks like the number of a protocol section ("5.5")."""
    return label is not None and _NUMBERED_TITLE.match(label) is not None


def numbered_title(view: str, start: int, end: int) -> Heading | None:
    """The title behind a protocol section number ("5.5 Pre cleaning standard ...")."""
    found = cue("title").search(fold(view[start : min(end, start + MAX_NUMBERED)]))
    if found is None:
        return None
    stop = _title_end(view, start + found.end(), end)
    title = view[start:stop]
    if len(TOKEN.findall(title)) > MAX_LEADING or not _TITLE_WORDS.fullmatch(title):
        return None
    return Heading(start, stop, "other", None, "title")


def _title_end(view: str, at: int, end: int) -> int:
    """The end of the title's words, where a sentence follows them on the same line."""
    sentence = _SENTENCE.search(view, at, min(end, at + MAX_HEADING))
    return sentence.start() if sentence else end


def names_people(view: str, start: int, end: int) -> bool:
    """Whether a short line of its own names a population ("For patients with Crohn's disease:")."""
    words = fold(view[start:end]).strip().rstrip(":- ")
    if len(TOKEN.findall(words)) > MAX_TITLE or words.endswith((".", ";", ",")):
        return False
    return not _VERB.search(words) and cue("cohort").search(words) is not None
