"""The pipeline, in reading order: segment, tag, relate, normalize, link."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from trialcriteria import __version__
from trialcriteria.lexicons import lexicon_hash
from trialcriteria.link.facts import linked
from trialcriteria.link.senses import Context
from trialcriteria.link.vocab.apply import Vocabulary, with_codes
from trialcriteria.normalize.facts import lead_subject, lead_windows
from trialcriteria.normalize.inherit import NOTHING, Inherited, below, inherit
from trialcriteria.normalize.plausible import value_warnings
from trialcriteria.normalize.requirement import requirement
from trialcriteria.normalize.shift import shifted
from trialcriteria.normalize.titled import Title, lacks_subject, placed_below, title
from trialcriteria.normalize.unread import unread_thresholds
from trialcriteria.relate.beside import with_learned
from trialcriteria.relate.doubted import without_doubted
from trialcriteria.relate.export import Mark, entities, marks, relations
from trialcriteria.relate.lead import Lead, restated
from trialcriteria.relate.parse import parse
from trialcriteria.relate.recut import recut
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.timed import is_timed, timed_tree
from trialcriteria.relate.tree import Tree, Unit, Unread, default_join, leaves
from trialcriteria.schema import (
    ConceptKind,
    Criterion,
    Extraction,
    Node,
    Posting,
    Provenance,
    Relation,
    SectionKind,
    Trial,
    Warning,
)
from trialcriteria.segment import Segmented, segment
from trialcriteria.tag.abbreviations import defined_abbreviations, typed_short_forms
from trialcriteria.tag.cues import Cue
from trialcriteria.tag.language import foreign_language
from trialcriteria.tag.learned.concepts import Learned, Tagger
from trialcriteria.tag.learned.policy import LIKELY
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.tagger import tag
from trialcriteria.view import reading_view

# Criteria repeat a lot across trials ("Pregnant or lactating women").
_CACHE_SIZE = 20_000
_TOGETHER = 64  # postings whose criteria a tagger reads together
# Why words are unread that a name more may make sense of.
_LACKS_A_NAME = frozenset(("no_concept", "unattached_value"))
# A ">" before a number is a comparator, not a bullet.
_MARKER = re.compile(r"(?:[\s\u2022\u00b7\u25aa\u25cf\u25e6\u2023*+#-]|>(?!\s*[\d=./]))*")

ShortForms = Mapping[str, tuple[ConceptKind, str]]
_FrozenForms = tuple[tuple[str, tuple[ConceptKind, str]], ...]


class _Manner(NamedTuple):
    """How a criterion is read: its section's kind, and its place in the tree."""

    kind: SectionKind
    announces: bool
    led: bool
    restates: bool


class _Reading(NamedTuple):
    """What one criterion's words say; offsets relative to these words."""

    requirement: Node | None
    marks: tuple[Mark, ...]
    relations: tuple[Relation, ...]
    lead: Inherited


class _Related(NamedTuple):
    """The tree of a criterion, and all that was found on the way."""

    mentions: tuple[Mention, ...]
    tree: Tree | None
    units: tuple[Unit, ...]
    cues: list[Cue]
    lead: Lead


def extract(
    posting: Posting, tagger: Tagger | None = None, vocabularies: Sequence[Vocabulary] = ()
) -> Extraction:
    """One posting in, its criteria out.

    ``tagger`` finds concepts beside the rules; ``vocabularies`` give codes beside the built-in.
    """
    (extraction,) = extract_many((posting,), tagger, vocabularies)
    return extraction


def extract_many(
    postings: Iterable[Posting],
    tagger: Tagger | None = None,
    vocabularies: Sequence[Vocabulary] = (),
) -> Iterator[Extraction]:
    """The extraction of each posting, in order, the same as one at a time.

    The tagger reads the criteria of up to 64 postings at once, which it does faster; no more
    postings than that are held.
    """
    source = iter(postings)
    while together := [*islice(source, _TOGETHER if tagger else 1)]:
        segmented = [segment(posting.text, posting.parts) for posting in together]
        texts = [criterion.text for each in segmented for criterion in each.criteria]
        learned = iter(tagger.read(texts) if tagger else [None] * len(texts))
        for posting, each in zip(together, segmented, strict=True):
            own = [*islice(learned, len(each.criteria))]
            found = _extraction(posting, each, own, tagger.identity if tagger else None)
            yield with_codes(found, vocabularies)


def _extraction(
    posting: Posting, segmented: Segmented, learned: list[Learned | None], model: str | None
) -> Extraction:
    """What the criteria of a posting say; ``learned`` is what a tagger says of each."""
    defined = defined_abbreviations(reading_view(posting.text))
    read = _read_all(segmented.criteria, typed_short_forms(defined), learned)
    context = Context(_topic(posting.trial), posting.text, defined)
    criteria = tuple([linked(criterion, posting.text, context) for criterion in read])
    found = segmented.warnings + _language(posting.text) + value_warnings(criteria)
    found += unread_thresholds(criteria)
    return Extraction(
        trial=posting.trial,
        text=posting.text,
        sections=segmented.sections,
        criteria=criteria,
        warnings=posting.warnings + found,
        provenance=Provenance(
            program="trialcriteria",
            version=__version__,
            lexicons=lexicon_hash(),
            model=model,
        ),
    )


def _topic(trial: Trial) -> str:
    """What the trial is about, in its registry's words."""
    return ". ".join((trial.title or "", *trial.conditions, *trial.interventions))


def _language(text: str) -> tuple[Warning, ...]:
    found = foreign_language(text)
    if found is None:
        return ()
    message = f"the text looks like {found}; the rules read English only"
    return (Warning(code="not_english", message=message),)


def _read_all(
    criteria: tuple[Criterion, ...], short_forms: ShortForms, learned: list[Learned | None]
) -> tuple[Criterion, ...]:
    parents = {criterion.parent for criterion in criteria}
    forms = tuple(sorted(short_forms.items()))
    leads: dict[str, Inherited] = {}
    titles: dict[str | None, Title | None] = {}
    done = []
    for criterion, found in zip(criteria, learned, strict=True):
        given = leads.get(criterion.parent, NOTHING) if criterion.parent else NOTHING
        announces = criterion.id in parents
        above = titles.get(criterion.parent)
        read, own = _read_one(criterion, forms, found, given, above, announces=announces)
        if announces:
            leads[criterion.id] = below(_moved(own, criterion.span.start), given)
            titles[criterion.id] = title(criterion)
        done.append(read)
    return tuple(done)


def _below_title(criterion: Criterion, above: Title, short_forms: _FrozenForms) -> Node | None:
    """The criterion read as "Performance status: 0 or 1" where the title stands above it."""
    start = _body_start(criterion)
    manner = _Manner(criterion.kind, announces=False, led=False, restates=False)
    read = _read(f"{above.words}: {criterion.text[start:]}", 0, manner, short_forms, None)
    return placed_below(read.requirement, above, criterion.span.start + start)


def _read_one(
    criterion: Criterion,
    short_forms: _FrozenForms,
    learned: Learned | None,
    given: Inherited,
    above: Title | None,
    *,
    announces: bool,
) -> tuple[Criterion, Inherited]:
    """The criterion filled in, and what its own words hand to its children."""
    text = criterion.text
    forms = tuple([form for form in short_forms if form[0] in text])
    manner = _Manner(
        criterion.kind,
        announces=announces,
        led=given.subject is not None,
        restates=given.base is not None,
    )
    reading = _read(text, _body_start(criterion), manner, forms, learned)
    by = criterion.span.start
    node = shifted(reading.requirement, by)
    titled = None
    if above is not None and not announces and lacks_subject(node):
        titled = _below_title(criterion, above, forms)
    filled = Criterion.known(
        {
            **vars(criterion),
            "requirement": titled or (inherit(node, given) if node is not None else None),
            "entities": entities(reading.marks, text, by),
            "relations": reading.relations,
        }
    )
    return filled, reading.lead


def _moved(own: Inherited, by: int) -> Inherited:
    return own._replace(
        windows=shifted(own.windows, by),
        subject=shifted(own.subject, by),
        base=shifted(own.base, by),
    )


@lru_cache(maxsize=_CACHE_SIZE)
def _read(
    text: str, body: int, manner: _Manner, forms: _FrozenForms, learned: Learned | None
) -> _Reading:
    view = " " * body + reading_view(text)[body:]
    found = _related(view, body, manner, tag(view, dict(forms), learned))
    if learned and (more := _more(view, found, learned)):
        again = _related(view, body, manner, more)
        found = found if isinstance(again.tree, Unread) else again
    if learned:
        units = {id(unit): unit for unit in (*found.units, *leaves(found.tree))}
        found = found._replace(mentions=recut(found.mentions, units.values(), learned))
    noted = marks(found.mentions, found.units, found.cues)
    lead = found.lead
    return _Reading(
        requirement(found.tree, text),
        noted,
        relations(found.units, noted),
        Inherited(
            lead_windows(lead.windows, text),
            lead.negation is not None,
            lead_subject(lead.subject, text) if manner.announces else None,
            requirement(lead.tree, text) if manner.announces else None,
            excepts=lead.excepts,
        ),
    )


def _more(view: str, found: _Related, learned: Learned) -> tuple[Mention, ...]:
    """The mentions with those that only the tagger sees; none where these are of no use."""
    tree = found.tree
    if (isinstance(tree, Unread) and tree.reason not in _LACKS_A_NAME) or is_timed(found.units):
        return ()
    least = 0 if isinstance(tree, Unread) else LIKELY
    more = with_learned(view, found.mentions, learned, least)
    return more if len(more) > len(found.mentions) else ()


def _related(view: str, body: int, manner: _Manner, mentions: tuple[Mention, ...]) -> _Related:
    """What the mentions of a criterion have to do with one another."""
    scope = Scope(view, mentions, default_join(manner.kind), led=manner.led)
    region = Region(body, len(view))
    parsed = parse(scope, region, announces=manner.announces)
    tree, units = without_doubted(scope, parsed.tree), parsed.units
    if manner.restates and not leaves(tree):
        tree = restated(scope, region) or tree
    if isinstance(tree, Unread) and not (manner.led or manner.announces):
        tree = timed_tree(scope, region) or tree
        units = (*units, *leaves(tree))
    return _Related(mentions, tree, units, scope.cues, parsed.lead)


def _body_start(criterion: Criterion) -> int:
    """Where the words begin behind bullet and label."""
    start = _marker_end(criterion.text, 0)
    label = criterion.label
    if label and criterion.text.startswith(label, start):
        return _marker_end(criterion.text, start + len(label))
    return start


def _marker_end(text: str, start: int) -> int:
    match = _MARKER.match(text, start)
    return match.end() if match else start


def cache_counts() -> tuple[int, int]:
    """How many criteria this process remembered, and how many it had to read."""
    info = _read.cache_info()
    return info.hits, info.misses
