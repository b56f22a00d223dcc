"""The words of a concept -> its codes: right, or none.

Ways to find a name are tried in a fixed order, and the first that finds one gives the codes: the
name as written, the tagger's name for an abbreviation, without words that only narrow it or said
otherwise, the abbreviation behind it, two names joined, misspelt. The kind of the concept decides
which names count; those of a neighbouring kind only where they are preferred names.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice, takewhile
from typing import NamedTuple

from trialcriteria.link.forms import is_loose, never, parts, said_otherwise, shorter
from trialcriteria.link.names import canonical
from trialcriteria.link.senses import NO_CONTEXT, Context, expanded, senses
from trialcriteria.link.spelling import respelled
from trialcriteria.link.vocabulary import SYSTEMS, Named, named
from trialcriteria.schema import Code, EntityLabel
from trialcriteria.tag.concepts import find_concepts, measurements
from trialcriteria.view import reading_view

_CACHE_SIZE = 20_000
_LONGEST = 200  # characters; longer mentions are clauses
_BRACKET = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_SHORT = re.compile(r"\w*[A-Z][\w-]*[A-Z][\w-]*s?")
_SHORT_FORM = re.compile(rf"(?:[(\[]|- )({_SHORT.pattern})[)\]]?$")
_TEST = "measurement:"
_TESTED = ("measurement", "observation", "procedure")
# Kinds that are told apart by the use and not by the words: "local anesthetics" may be a procedure.
_NEIGHBOURS = {
    "drug": ("procedure",),
    "procedure": ("measurement",),
    "measurement": ("procedure",),
    "observation": ("procedure", "measurement"),
}
# Giving a drug is a procedure: where it is one, the drug is what has a code.
_GIVEN = {"procedure": "drug"}
# Kinds whose names stand among those of another: a pacemaker, being pregnant.
_FILED = {"device": "procedure", "observation": "condition"}


class _Way(NamedTuple):
    """A way to find names: what it is called in ``source``, how far it is trusted."""

    name: str
    score: float
    find: Callable[[str, str], tuple[Named, ...]]


def codes(
    text: str, kind: EntityLabel, context: Context = NO_CONTEXT, source: str = ""
) -> tuple[Code, ...]:
    """Codes of the concept that words of a kind name; empty where none is sure.

    ``context`` is what the posting is about, by which abbreviations are read; ``source`` the rule
    that found the words, which may be that of a measurement. ``Code.source`` is "codes:" and the
    way the name was found, ``Code.score`` how far that way is trusted (1 for a name as written).

    >>> [(code.code, code.source) for code in codes("severe renal failure", "condition")]
    [('D051437', 'codes:core')]
    """
    if len(text) > _LONGEST:
        return ()
    words = " ".join(text.split())
    written = expanded(words, kind, context)
    of_test = source.startswith(_TEST) and not _has_readings(words, kind)
    return _codes(words, written, kind, source if of_test else "")


@lru_cache(maxsize=_CACHE_SIZE)
def _codes(text: str, written: str, kind: EntityLabel, source: str) -> tuple[Code, ...]:
    if written == text and _has_readings(text, kind):
        return ()
    if kind not in _TESTED:
        return _codes_of_names(text, written, kind) or _codes_of_test(source)
    if kind == "measurement":
        test = source or _test_in(text, written)
        return _codes_of_test(test) or _codes_of_names(text, written, kind)
    named_codes = _codes_of_names(text, written, kind)
    return named_codes or _codes_of_test(source or _test_in(text, written))


def _codes_of_names(text: str, written: str, kind: str) -> tuple[Code, ...]:
    """By the words as they stand, else with their abbreviations written out."""
    as_it_stands = _named_codes(text, kind) if " " in text or written == text else ()
    return as_it_stands or _named_codes(written, kind, "abbreviation")


@lru_cache(maxsize=_CACHE_SIZE)
def codes_as_written(text: str, kind: EntityLabel) -> tuple[Code, ...]:
    """Codes of the concept that has these very words as a name."""
    return tuple(chain(*(one.codes(1.0, "codes:name") for one in _as_written(text, kind))))


def _has_readings(text: str, kind: str) -> bool:
    """Whether the words are an abbreviation that the posting decides about, not the rule."""
    return any(row.kind == kind for row in senses(text))


def _test_in(text: str, written: str) -> str:
    """The rule of the measurement that the words name; an abbreviation as it is written out."""
    names = (text, written) if " " in text else (written,)
    return next(filter(None, map(_test_named, names)), "")


def _test_named(text: str) -> str:
    """The rule of the measurement in the words, if the others only go with it."""
    bare = _BRACKET.sub("", text)
    found = find_concepts(reading_view(bare))
    if len(found) != 1 or found[0].kind != "measurement":
        return ""
    around = bare[: found[0].start], bare[found[0].end :]
    return found[0].source if all(is_loose(words, "measurement") for words in around) else ""


def _codes_of_test(source: str) -> tuple[Code, ...]:
    """The LOINC code of a measurement's row, and what else the vocabulary has by its name."""
    test = measurements().get(source.removeprefix(_TEST))
    if test is None:
        return ()
    also = named(canonical(test.name), "measurement")
    found = also.codes(1.0, source) if also else ()
    if not test.loinc:
        return found
    loinc = Code(
        system=SYSTEMS["loinc"], code=test.loinc, display=test.name, score=1.0, source=source
    )
    return (loinc, *(code for code in found if code.system != loinc.system))


def _named_codes(text: str, kind: str, through: str = "") -> tuple[Code, ...]:
    """Codes by the first way that leads to any; ``through`` is what the text was made by."""
    for way in _WAYS:
        found = way.find(text, kind)
        if found:
            score = min(way.score, _ABBREVIATED) if through else way.score
            label = f"codes:{through}" if through else f"codes:{way.name}"
            return tuple(dict.fromkeys(chain(*(one.codes(score, label) for one in found))))
    return ()


def _writings(text: str) -> Iterable[str]:
    """Keys of the words, and of the words without brackets."""
    if "(" not in text and "[" not in text:
        return (canonical(text),)
    return dict.fromkeys([canonical(text), canonical(_BRACKET.sub("", text))])


def _first(keys: Iterable[str], kind: str) -> tuple[Named, ...]:
    """The concept of the first key that names one of the kind."""
    filed, barred = _FILED.get(kind, kind), never(kind)
    for key in keys:
        found = None if key in barred else named(key, filed)
        if found:
            return (found,)
    return ()


def _as_written(text: str, kind: str) -> tuple[Named, ...]:
    """By the words as they stand, of the kind or preferred in one beside it."""
    keys = _writings(text)
    if found := _first(keys, kind):
        return found
    beside = ((key, named(key, other)) for key in keys for other in _NEIGHBOURS.get(kind, ()))
    preferred = (one for key, one in beside if one and one.prefers(key))
    return tuple(islice(preferred, 1))


def _as_tagged(text: str, kind: str) -> tuple[Named, ...]:
    """An abbreviation by the name that the tagger's lexicon has for it."""
    if not _SHORT.fullmatch(text):
        return ()
    found = [each for each in find_concepts(reading_view(text)) if each.kind == kind]
    whole = (each.name for each in found if each.end - each.start == len(text))
    return _first(map(canonical, whole), kind)


def _as_core(text: str, kind: str) -> tuple[Named, ...]:
    """Without what only narrows it, each such form said otherwise too; by the drug given."""
    forms = (form for key in _writings(text) for form in _allowed(key, kind))
    found = _first((key for form in forms for key in (form, *said_otherwise(form, kind))), kind)
    return found or (_as_core(text, _GIVEN[kind]) if kind in _GIVEN else ())


def _allowed(key: str, kind: str) -> Iterator[str]:
    """The shorter forms of a key, up to one that gets no code."""
    return takewhile(lambda form: form not in never(kind), shorter(key, kind))


def _as_bracketed(text: str, kind: str) -> tuple[Named, ...]:
    """By the abbreviation in brackets behind the words."""
    found = _SHORT_FORM.search(text)
    if found is None:
        return ()
    return _as_written(found[1], kind) or _as_tagged(found[1], kind)


def _as_joined(text: str, kind: str) -> tuple[Named, ...]:
    """Every one of several names in one."""
    for names in parts(_BRACKET.sub("", text)):
        found = [_as_core(name, kind) or _as_tagged(name, kind) for name in names]
        if all(found):
            return tuple(one for each in found for one in each)
    return ()


def _as_respelled(text: str, kind: str) -> tuple[Named, ...]:
    keys = [(key, respelled(key, kind)) for key in _writings(text)]
    forms = (form for key, mended in keys if mended != key for form in shorter(mended, kind))
    return _first(forms, kind)


_ABBREVIATED = 0.95
_WAYS = (
    _Way("name", 1.0, _as_written),
    _Way("tagged", 0.97, _as_tagged),
    _Way("core", 0.9, _as_core),
    _Way("bracketed", 0.9, _as_bracketed),
    _Way("joined", 0.85, _as_joined),
    _Way("spelling", 0.8, _as_respelled),
)
