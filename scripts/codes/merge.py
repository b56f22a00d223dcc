"""Entries of several vocabularies made one concept, and each name given to one of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from codes.entries import COUNTS, Entry
from codes.names import acceptable, no_drugs
from trialcriteria.link.names import canonical

MAIN_NAME, PREFERRED, GIVEN, SYNONYM, INCLUDED = range(5)  # how much a name is a concept's own


@dataclass
class Concept:
    """One row to be: ``names`` has every key with its rank."""

    kind: str
    name: str
    codes: dict[str, str] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    is_class: bool = False
    trees: tuple[str, ...] = ()

    def take(self, entry: Entry, first: bool = False) -> None:
        """Adds the codes and names of an entry."""
        self.sources[entry.source] = None
        self.is_class |= entry.is_class
        self.trees += entry.trees
        for code in filter(None, (entry.code, *entry.more)):
            self.codes.setdefault(code.partition(":")[0], code)
        for place, (key, rank) in enumerate(keys(entry).items()):
            own = MAIN_NAME if first and place == 0 else max(rank, _lowest(entry.source, first))
            self.names[key] = min(own, self.names.get(key, own))


def keys(entry: Entry) -> dict[str, int]:
    """Keys of an entry's usable names; its first name is preferred."""
    ranks: dict[str, int] = {}
    for place, name in enumerate(entry.names):
        if entry.kind == "drug" and canonical(name) in no_drugs():
            continue
        if acceptable(name, place == 0) or (entry.source == "hand" and canonical(name)):
            ranks.setdefault(canonical(name), _later(entry.source) if place else PREFERRED)
    return ranks


def _shared(own: dict[str, int], concept: Concept) -> int:
    return sum(key in concept.names for key in own)


def _strength(own: dict[str, int], concept: Concept) -> int:
    """4: a name preferred on both sides, 3: on the entry's, 2: on the concept's, 1: on neither."""
    shared = ((own[key], concept.names[key]) for key in own if key in concept.names)
    return 1 + max(2 * (ours == PREFERRED) + (theirs <= PREFERRED) for ours, theirs in shared)


def _later(source: str) -> int:
    """How much a name after the first is the concept's; inclusion terms of ICD may be narrower."""
    return {"hand": GIVEN, "icd10cm": INCLUDED}.get(source, SYNONYM)


def _lowest(source: str, first: bool) -> int:
    """The best rank of a name: what these call a known concept may be narrower than it."""
    return SYNONYM if source in {"curated", "unii"} and not first else PREFERRED


class Pool:
    """The concepts of one kind, with an index of their names."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.concepts: list[Concept] = []
        self._by_key: dict[str, list[Concept]] = defaultdict(list)
        self._by_code: dict[str, Concept] = {}

    def add(self, entries: Iterable[Entry], attach_only: bool = False) -> None:
        """Adds one source: each entry to the concept that agrees best, else as its own."""
        entries = list(entries)
        settled = self._settle(entries)
        for place, entry in enumerate(entries):
            if place in settled:
                self._join(settled[place], entry)
            elif not attach_only:
                self._start(entry)

    def file_under(self, filed: dict[str, set[str]]) -> None:
        """Gives concepts without a MeSH code that of the one heading their name is filed under."""
        for concept in self.concepts:
            under = filed.get(canonical(concept.name), set())
            if "mesh" not in concept.codes and len(under) == 1:
                concept.codes["mesh"] = next(iter(under))
                concept.sources["mesh-entry"] = None

    def _settle(self, entries: list[Entry]) -> dict[int, Concept]:
        """Which concept each entry joins: the surest pairs first, a code of a kind per concept."""
        pairs = [
            (strength, place, id(concept), concept)
            for place, entry in enumerate(entries)
            for strength, concept in self._alike(entry)
        ]
        settled: dict[int, Concept] = {}
        given: set[tuple[int, str]] = set()
        for _, place, identity, concept in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
            vocabulary = entries[place].code.partition(":")[0]
            full = vocabulary and (vocabulary in concept.codes or (identity, vocabulary) in given)
            if place not in settled and not (
                full and concept.codes.get(vocabulary) != entries[place].code
            ):
                settled[place] = concept
                given.add((identity, vocabulary))
        return settled

    def _alike(self, entry: Entry) -> Iterator[tuple[int, Concept]]:
        """Concepts that share names with an entry, and how sure that is, 1 to 5.

        5: the same code; 4: a name preferred on both sides; 3: on the entry's; 2: on the
        concept's; 1: on neither, and then only two shared names of the one candidate count.
        """
        own = keys(entry)
        known = self._by_code.get(entry.code)
        if known:
            yield 5, known
        for strength, concept in self._sharing(entry, own):
            if concept.is_class and entry.source == "unii":
                continue  # a substance is no class, though plural and singular fold alike
            yield strength, concept

    def _sharing(self, entry: Entry, own: dict[str, int]) -> list[tuple[int, Concept]]:
        """Concepts with a name of the entry, and how sure that is.

        Entry terms of MeSH are often narrower than their heading: what ICD-10-CM prefers and
        MeSH has as an entry term only is a concept of its own, and not of another heading either.
        """
        found = {id(c): c for key in own for c in self._by_key.get(key, ())}
        pairs = [(_strength(own, concept), concept) for concept in found.values()]
        if entry.source == "icd10cm":
            filed = any(strength == 3 and "mesh" in c.codes for strength, c in pairs)
            return [(s, c) for s, c in pairs if s == 4 or (s == 2 and not filed)]
        sure = [pair for pair in pairs if pair[0] > 1]
        return sure or [pair for pair in pairs if len(pairs) == 1 and _shared(own, pair[1]) > 1]

    def _join(self, concept: Concept, entry: Entry) -> None:
        concept.take(entry)
        self._index(concept, entry)

    def _start(self, entry: Entry) -> None:
        """A new concept; a name that MeSH files under one heading gives it that code too."""
        own = keys(entry)
        if not any(rank == PREFERRED for rank in own.values()) and not entry.code:
            return
        concept = Concept(self.kind, entry.names[0])
        concept.take(entry, first=True)
        first = next(iter(own), "")
        filed = [c for c in self._by_key.get(first, ()) if "mesh" in c.codes]
        best = min((c.names[first] for c in filed), default=INCLUDED)
        holders = [c for c in filed if c.names[first] == best]
        if len(holders) == 1 and "mesh" not in concept.codes:
            concept.codes["mesh"] = holders[0].codes["mesh"]
            concept.sources["mesh-entry"] = None
        self.concepts.append(concept)
        self._index(concept, entry)

    def _index(self, concept: Concept, entry: Entry) -> None:
        for key in keys(entry):
            if concept not in self._by_key[key]:
                self._by_key[key].append(concept)
        for code in filter(None, (entry.code, *entry.more)):
            self._by_code.setdefault(code, concept)


def own_names(concepts: list[Concept]) -> list[str]:
    """Leaves each name of a kind with the one concept it is most the name of.

    A tie between concepts of one MeSH code goes to the first; any other leaves the name out of
    all. Returns the lines of the report.
    """
    report = []
    for key, holders in _holders(concepts).items():
        best = min(c.names[key] for c in holders)
        top = [c for c in holders if c.names[key] == best]
        one = (
            len(top) == 1 or best < SYNONYM or len({c.codes.get("mesh", c.name) for c in top}) == 1
        )
        keeper = _best_known(top) if one else None
        if not one:
            report.append(f"{top[0].kind}\t{key}\t{' | '.join(c.name for c in top)}")
        for concept in holders:
            if concept is not keeper:
                del concept.names[key]
    return report


def _holders(concepts: list[Concept]) -> dict[str, list[Concept]]:
    found: dict[str, list[Concept]] = defaultdict(list)
    for concept in concepts:
        for key in concept.names:
            found[key].append(concept)
    return {key: holders for key, holders in found.items() if len(holders) > 1}


def _best_known(concepts: list[Concept]) -> Concept:
    """The one given by hand, then of MeSH, then a member before its class, then the best coded."""
    return min(concepts, key=_order)


def _order(concept: Concept) -> tuple[bool, bool, bool, int]:
    codes = concept.codes
    return "hand" not in concept.sources, "mesh" not in codes, concept.is_class, -len(codes)


def across_kinds(concepts: list[Concept]) -> None:
    """A name in two kinds stays where it is preferred; measurements keep theirs."""
    for key, holders in _holders([c for c in concepts if c.kind != "measurement"]).items():
        best = max(min(c.names[key] for c in holders), GIVEN)
        for concept in holders:
            if concept.names[key] > best:
                del concept.names[key]
                COUNTS["names taken from a concept of another kind"] += 1
        if sum(key in c.names for c in holders) > 1:
            COUNTS["names left in two kinds"] += 1


def members(concepts: list[Concept]) -> dict[int, list[str]]:
    """MeSH or DrugBank codes of the medicines one branch below each class, by its place."""
    classes = {t: n for n, c in enumerate(concepts) if c.is_class for t in c.trees}
    found: dict[int, list[str]] = defaultdict(list)
    for concept in concepts:
        code = concept.codes.get("mesh")
        for tree in concept.trees if concept.kind == "drug" and code else ():
            above = classes.get(tree.rpartition(".")[0])
            if above is not None and code and code not in found[above]:
                found[above].append(code)
    return found
