"""Headers and lead-ins: what "..., one of the following:" hands down to what it announces."""

import re
from typing import NamedTuple

from trialcriteria.relate.flat import Reading, read_flat, restate
from trialcriteria.relate.generic import is_general
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.times import is_weak
from trialcriteria.relate.tree import Join, Leaf, Tree, Unit, join_trees, leaves
from trialcriteria.tag.cues import Cue
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.numbers import WORDS
from trialcriteria.tag.values_results import VAGUE

_ANY_OF = re.compile(
    r"\b(?:any|one|either)\b[\w\s,()/-]{0,60}\b(?:following|criteria|conditions)\b|\beither\b"
)
_COUNT = rf"(\d{{1,2}}|{'|'.join(WORDS)})"
_AT_LEAST = re.compile(
    rf"\bat least {_COUNT}\b[^.;]{{0,40}}\b(?:following|criteria|of)\b"
    rf"|\b{_COUNT} or more\b[^.;]{{0,40}}(?:\b(?:following|criteria|of)\b)"
)
# "Not eligible if", "including but not limited to" deny nothing of the items.
_NEGATED = re.compile(
    r"\b(?:no|not|without|absence of|none of)\b(?!\s(?:be\s|been\s)?(?:allowed|considered|eligible"
    r"|enrol|enter|includ|limited|participat|permitted|qualif|recruit|suitable))"
)
_MEETS = re.compile(r"\b(?:meet|meets|meeting|met|fulfil\w*|satisf\w+|defined|definition)\b")
_SHORT_HEADER = 6
_ANNOUNCED = re.compile(
    r"[\s,:]*(?:(?:for|in|if|when|any|one|all|of|the|following|these|cases?|conditions?|situations?"
    r"|criteria|are|is)\b[\s,:]*)*"
)
RESTATED = "lead:restated"
_RESTATED_SCORE = 0.5
_RESTATED_REACH = 160  # code points of such an item, at most
_OWN_WORDS = 2  # words of it that no rule reads, at most
_WORD = re.compile(r"[^\W_]+")
_DENIES = re.compile(r"\b(?:no|without)\b(?!\s(?:more|less|fewer|greater|later|longer)\b)")
_CONNECTORS = frozenset({"or", "and", "a", "the", "an"})


class Lead(NamedTuple):
    """Windows and negation that hold for the items announced, and how these join."""

    windows: tuple[Mention, ...] = ()
    negation: Cue | None = None
    join: Join | None = None
    at_least: int | None = None
    subject: Mention | None = None
    tree: Tree | None = None  # the facts that items without a concept narrow
    excepts: bool = False  # the items are exempt from these facts

    def bestow(self, units: list[Unit]) -> None:
        """Gives the windows to units that have none, and the negation to all."""
        for unit in units:
            if not unit.windows:
                unit.windows.extend(self.windows)
            unit.negation = unit.negation or self.negation


class Header(NamedTuple):
    """A header read: its own facts (null where it only names a class) and its lead."""

    tree: Tree | None
    units: tuple[Unit, ...]
    lead: Lead


def read_header(scope: Scope, region: Region, join: Join) -> Header:
    """Facts stand before "the following"; what stands after it, or alone, names a class."""
    following = scope.cues_in(region, "following")
    if following:
        before = scope.trimmed(Region(region.start, following[-1].start))
        after = scope.trimmed(Region(following[-1].end, region.end))
    else:
        short = len(scope.view[region.start : region.end].split()) <= _SHORT_HEADER
        before = Region(region.start, region.start) if short else region
        after = region if short else Region(region.end, region.end)
    own = read_flat(scope, before, join, [])
    named = read_flat(scope, after, join, [])
    meets = _MEETS.search(scope.lowered[before.start : before.end])
    eligible = bool(scope.cues_in(region, "permission"))  # "patients with A are eligible if:"
    if (meets and (eligible or not _states_own(own))) or _names_tests(own):
        named, own = _together(own, named), Reading(None, (), ())
    windows = dict.fromkeys([w for u in leaves(named.tree) for w in u.windows])
    lead = _lead(scope, region, (*windows, *own.windows, *named.windows), bool(own.tree))
    units = own.units + named.units
    tree = join_trees([tree for tree in (own.tree, named.tree) if tree is not None], join)
    if tree is not None and _excepts(scope, region):
        return Header(None, units, Lead(tree=tree, excepts=True))
    named_thing = tree is not None and not all(is_general(unit) for unit in leaves(tree))
    lead = lead._replace(subject=_subject(units), tree=tree if named_thing else None)
    return Header(own.tree, units, lead)


def _excepts(scope: Scope, region: Region) -> bool:
    """ "Malignancy within 5 years, except for the following:" """
    cues = scope.cues_in(region, "exception", "exception_inner")
    return bool(cues) and _ANNOUNCED.fullmatch(scope.lowered, cues[-1].end, region.end) is not None


def restated(scope: Scope, region: Region) -> Tree | None:
    """An item that only says when, how long or how often what its lead-in names must be."""
    if region.end - region.start > _RESTATED_REACH:
        return None
    if denies(scope, region):
        return None
    words = _WORD.finditer(scope.lowered, region.start, region.end)
    own = [w for w in words if w[0] not in _CONNECTORS and not _is_read(scope, w.start())]
    if len(own) > _OWN_WORDS:
        return None
    concept = Mention("other", region.start, region.start, RESTATED, _RESTATED_SCORE)
    unit = restate(scope, region, concept, timed=True)
    return None if unit is None else Leaf(unit)


def denies(scope: Scope, region: Region) -> bool:
    """Whether words deny something of their own ("no concurrent cytokines")."""
    return _DENIES.search(scope.lowered, region.start, region.end) is not None


def _is_read(scope: Scope, at: int) -> bool:
    return scope.inside_mention(at) or any(c.start <= at < c.end for c in scope.qualifiers)


def _subject(units: tuple[Unit, ...]) -> Mention | None:
    """The one measure that a header names without a value ("Hemoglobin:")."""
    measures = [u for u in units if u.concept.label == "measurement" and u.value is None]
    return measures[0].concept if len(measures) == 1 else None


def _names_tests(own: Reading) -> bool:
    """ "Adequate organ function within 14 days before X:" says what the items test, and when."""
    units = leaves(own.tree)
    return bool(units) and all(_is_class(unit) for unit in units)


def _states_own(own: Reading) -> bool:
    """ "Active lupus that meets the following criteria:" asks for the lupus as well; so of ages."""
    return any(_is_own(unit) for unit in leaves(own.tree))


def _is_own(unit: Unit) -> bool:
    if unit.concept.label == "demographic":
        return unit.value is not None
    return unit.concept.label == "condition" and not is_general(unit)


def _is_class(unit: Unit) -> bool:
    """A measure without a value ("adequate" is none), or a word such as "treatment"."""
    if unit.value is not None and unit.value.source not in VAGUE:
        return False
    return unit.concept.label == "measurement" or is_general(unit)


def _together(first: Reading, second: Reading) -> Reading:
    windows = [w for u in leaves(first.tree) for w in u.windows]
    return Reading(second.tree, first.units + second.units, (*windows, *second.windows))


def _lead(scope: Scope, region: Region, windows: tuple[Mention, ...], has_facts: bool) -> Lead:
    text = scope.lowered[region.start : region.end]
    at_least = _AT_LEAST.search(text)
    examples = scope.cues_in(region, "example")
    join: Join | None = "any" if _ANY_OF.search(text) else None
    strong = tuple(dict.fromkeys(w for w in windows if not is_weak(w)))
    return Lead(
        strong or tuple(dict.fromkeys(windows))[:1],
        None if has_facts and not examples else _negation(text, region.start),
        join,
        _number(at_least[1] or at_least[2]) if at_least else None,
    )


def _number(printed: str) -> int:
    return int(WORDS.get(printed, printed))


def _negation(text: str, shift: int) -> Cue | None:
    found = _NEGATED.search(text)
    if found is None:
        return None
    return Cue(found.start() + shift, found.end() + shift, "negation", "lead.negation")
