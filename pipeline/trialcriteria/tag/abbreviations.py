"""Abbreviations a posting defines itself ("left ventricular ejection fraction (LVEF)").

Found by scispaCy's detector (Schwartz and Hearst 2003); spaCy objects do not leave this module.
"""

import re
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from trialcriteria.schema import ConceptKind
from trialcriteria.tag.concepts import ConceptMention, find_concepts
from trialcriteria.tag.spacy_words import english

if TYPE_CHECKING:
    from scispacy.abbreviation import AbbreviationDetector
    from spacy.language import Language

_SHORT_FORM = re.compile(r"\(\s?[A-Za-z][\w/+-]{1,11}\s?\)")
_WINDOW = 160
_MOST = 1_000  # short forms of one posting that are looked at


def defined_abbreviations(view: str) -> dict[str, str]:
    """Short form -> long form, for every definition in the text."""
    first = {match.group(): match for match in reversed(list(_SHORT_FORM.finditer(view)))}
    contexts = [_context(view, match) for match in list(first.values())[-_MOST:]]
    if not contexts:
        return {}
    pairs: dict[str, str] = {}
    nlp, detect = _pipeline()
    with warnings.catch_warnings():
        # The detector runs its matcher of known pairs even where it knows none.
        warnings.filterwarnings("ignore", message=r"\[W036\]")
        for context in contexts:
            for short in detect(nlp.make_doc(context))._.abbreviations:
                pairs.setdefault(short.text, short._.long_form.text)
    return pairs


def typed_short_forms(pairs: Mapping[str, str]) -> dict[str, tuple[ConceptKind, str]]:
    """Short form -> (kind, preferred name), where the long form ends in a known concept."""
    typed: dict[str, tuple[ConceptKind, str]] = {}
    for short, long_form in pairs.items():
        concepts = find_concepts(long_form)
        if concepts and concepts[-1].end == len(long_form):
            typed[short] = (concepts[-1].kind, long_form)
    return typed


def find_short_forms(
    view: str, short_forms: Mapping[str, tuple[ConceptKind, str]]
) -> Iterator[ConceptMention]:
    """Where the posting's own abbreviations stand in a criterion."""
    for short, (kind, name) in short_forms.items():
        start = view.find(short)
        while start >= 0:
            end = start + len(short)
            if _stands_alone(view, start, end):
                yield ConceptMention(start, end, kind, name, "abbreviation")
            start = view.find(short, end)


def _context(view: str, match: "re.Match[str]") -> str:
    """The words before the parenthesis, on the same line, and the parenthesis."""
    start = max(view.rfind("\n", 0, match.start()) + 1, match.start() - _WINDOW)
    return view[start : match.end()]


def _stands_alone(view: str, start: int, end: int) -> bool:
    before = view[start - 1 : start]
    after = view[end : end + 1]
    return not (before.isalnum() or before == "-" or after.isalnum() or after == "-")


@cache
def _pipeline() -> "tuple[Language, AbbreviationDetector]":
    from scispacy.abbreviation import AbbreviationDetector  # noqa: PLC0415
    from spacy.matcher import Matcher  # noqa: PLC0415

    nlp = english()
    detector = AbbreviationDetector(nlp)
    # The patterns that it makes of each pair are sound: checking them costs more than using them.
    detector.global_matcher = Matcher(nlp.vocab, validate=False)
    return nlp, detector
