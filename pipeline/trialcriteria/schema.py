"""Schema version 1: every type that flows between the rooms and out of the program.

All offsets are half-open ``[start, end)`` in Unicode code points of ``Extraction.text``.
All numbers that stand in the text are decimal strings, never floats. Durations and ages are
ISO 8601 (``P18Y``, ``P2W``, ``PT72H``); units are UCUM. Field names are a contract.
"""

from functools import cache
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION: Literal["1"] = "1"

SectionKind = Literal["inclusion", "exclusion", "other"]
ConceptKind = Literal[
    "condition",
    "drug",
    "procedure",
    "device",
    "measurement",
    "observation",
    "demographic",
    "study",
    "consent",
    "other",
]
EntityLabel = (
    ConceptKind
    | Literal[
        "value",
        "dose",
        "window",
        "duration",
        "count",
        "anchor",
        "qualifier",
        "negation",
        "exception",
        "experiencer",
    ]
)
RelationKind = Literal[
    "has_value",
    "has_dose",
    "has_window",
    "has_duration",
    "has_count",
    "has_anchor",
    "qualifies",
    "negates",
    "excepts",
    "example_of",
    "abbreviation_of",
    "and",
    "or",
]
AnchorEvent = Literal[
    "now",
    "screening",
    "consent",
    "enrollment",
    "randomization",
    "baseline",
    "first_dose",
    "last_dose",
    "infusion",
    "leukapheresis",
    "lymphodepletion",
    "conditioning",
    "surgery",
    "transplant",
    "diagnosis",
    "birth",
    "delivery",
    "vaccination",
    "imaging",
    "visit",
    "study",
    "event",
]
Sex = Literal["ALL", "FEMALE", "MALE"]


class Model(BaseModel):
    """Immutable value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def known(cls, fields: dict[str, object]) -> Self:
        """An instance of fields known to be right: all of them, in the order of the schema.

        Nothing is checked, which makes it several times as fast where many are built.
        """
        made = cls.__new__(cls)
        _set_fields(made, fields)
        _set_names(made, _names(cls))
        _set_extra(made, None)
        _set_private(made, None)
        return made


# What object.__setattr__ would look up each time.
_set_fields, _set_names, _set_extra, _set_private = (
    vars(BaseModel)[slot].__set__
    for slot in (
        "__dict__",
        "__pydantic_fields_set__",
        "__pydantic_extra__",
        "__pydantic_private__",
    )
)


@cache
def _names(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


class Span(NamedTuple):
    """Half-open ``[start, end)`` in code points of ``Extraction.text``; a pair in JSON."""

    start: int
    end: int


class Source(Model):
    """Where a posting came from.

    ``sha256`` is taken over the UTF-8 bytes of the eligibility text, so that it certifies every
    offset; ``start`` is where that text begins in the raw page, where that is meaningful.
    """

    format: str
    name: str
    sha256: str
    start: int | None = None


class Trial(Model):
    """Registry fields of the posting, as the registry states them."""

    id: str | None = None
    registry: str | None = None
    title: str | None = None
    conditions: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    phase: str | None = None
    status: str | None = None
    sex: Sex | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    healthy_volunteers: bool | None = None
    source: Source


class Warning(Model):
    """Something a reader of the output should know; nothing is dropped silently."""

    code: str
    message: str
    span: Span | None = None
    criterion: str | None = None


class Part(Model):
    """A stretch of the text whose kind the registry itself gives (a field of its own)."""

    kind: SectionKind
    span: Span


class Posting(Model):
    """What the read room hands on: registry fields and the eligibility text, untouched."""

    trial: Trial
    text: str
    parts: tuple[Part, ...] = ()
    warnings: tuple[Warning, ...] = ()


class Section(Model):
    """One stretch of the text under one heading.

    ``span`` is the whole stretch; ``heading`` is the heading as printed, the first such words
    at or after ``span.start`` (null where there is none).
    """

    id: str
    kind: SectionKind
    heading: str | None
    cohort: str | None
    span: Span


class Code(Model):
    """A code of a standard vocabulary, and which rule or vocabulary of the user gave it."""

    system: str
    code: str
    display: str
    score: float
    source: str | None = None


class Concept(Model):
    """What a fact is about."""

    kind: ConceptKind
    text: str
    span: Span | None
    codes: tuple[Code, ...] = ()


class Bound(Model):
    """One end of an interval: a decimal string, or an ISO 8601 duration in a Range of time."""

    value: str
    inclusive: bool


class Unit(Model):
    """A unit as printed and its UCUM code (null where it is not known)."""

    text: str
    ucum: str | None


class Canonical(Model):
    """The bounds converted to the measurement's own canonical unit."""

    low: Bound | None
    high: Bound | None
    ucum: str


class Value(Model):
    """A threshold, an interval, or a set of named results."""

    low: Bound | None = None
    high: Bound | None = None
    values: tuple[str, ...] | None = None
    unit: Unit | None = None
    relative_to: Literal["ULN", "LLN", "baseline", "predicted", "normal"] | None = None
    canonical: Canonical | None = None
    text: str
    span: Span


class Range(Model):
    """An interval of durations (ISO 8601 bounds, no unit) or of counts."""

    low: Bound | None = None
    high: Bound | None = None
    unit: str | None = None


class Anchor(Model):
    """The event on the patient's time line that an offset counts from."""

    event: AnchorEvent
    text: str
    span: Span | None


class IsoOffset(Model):
    """A signed ISO 8601 duration; negative is before the anchor."""

    iso: str
    anchor: Anchor | None = None


class CountOffset(Model):
    """A signed count of something that is no calendar unit, such as half-lives."""

    count: str
    unit: str
    anchor: Anchor | None = None


Offset = IsoOffset | CountOffset


class Window(Model):
    """An interval on the patient's time line relative to the anchor; null is an open side."""

    start: Offset | None = None
    end: Offset | None = None
    anchor: Anchor | None = None
    text: str
    span: Span
    alternatives: tuple["Window", ...] = ()
    choose: Literal["longer", "shorter"] | None = None


class Qualifier(Model):
    """What narrows a fact: severity, stage, stability, method, site and the like."""

    kind: Literal[
        "severity", "stage", "acuteness", "stability", "certainty", "method", "site", "other"
    ]
    text: str
    span: Span
    value: Value | None = None
    duration: Range | None = None


class Fact(Model):
    """One checkable statement about a patient."""

    type: Literal["fact"] = "fact"
    subject: Concept
    status: Literal["present", "absent", "possible"] = "present"
    experiencer: Literal["patient", "family", "partner", "other"] = "patient"
    value: Value | None = None
    window: Window | None = None
    duration: Range | None = None
    count: Range | None = None
    dose: Value | None = None
    qualifiers: tuple[Qualifier, ...] = ()
    spans: tuple[Span, ...] = ()
    source: str
    score: float


class All(Model):
    """Every one of the nodes holds."""

    type: Literal["all"] = "all"
    of: tuple["Node", ...]


class Any(Model):
    """At least one of the nodes holds."""

    type: Literal["any"] = "any"
    of: tuple["Node", ...]


class Not(Model):
    """The node does not hold."""

    type: Literal["not"] = "not"
    of: "Node"


class AtLeast(Model):
    """At least n of the nodes hold."""

    type: Literal["at_least"] = "at_least"
    n: int
    of: tuple["Node", ...]


class If(Model):
    """A requirement that applies only under a condition."""

    type: Literal["if"] = "if"
    when: "Node"
    then: "Node"
    otherwise: "Node | None" = None


class Except(Model):
    """A requirement with its exception: ``of`` holds unless ``unless`` does."""

    type: Literal["except"] = "except"
    of: "Node"
    unless: "Node"


class Unsupported(Model):
    """Words kept as they are because the rules could not structure them."""

    type: Literal["unsupported"] = "unsupported"
    span: Span
    text: str
    reason: str


Node = Annotated[
    All | Any | Not | AtLeast | If | Except | Fact | Unsupported, Field(discriminator="type")
]


class AtLeastN(Model):
    """How children join when n of them are enough."""

    at_least: int


class Entity(Model):
    """A labelled mention; ``spans`` has more than one element where it is discontinuous.

    Codes stand on the subjects of facts; only what is an example of a subject has its own here.
    """

    id: str
    label: EntityLabel
    spans: tuple[Span, ...]
    text: str
    source: str
    score: float
    codes: tuple[Code, ...] = ()


class Relation(Model):
    """A directed, labelled link between two entities of one criterion, by entity id."""

    kind: RelationKind
    head: str
    tail: str
    source: str
    score: float


class Criterion(Model):
    """One criterion: its own words (marker and label included), its place in the tree.

    ``text`` equals ``Extraction.text[span.start:span.end]``. The span of a criterion with
    children covers its lead-in only, so that no two criteria overlap.
    """

    id: str
    section: str
    kind: SectionKind
    label: str | None
    span: Span
    text: str
    parent: str | None = None
    combine: Literal["all", "any"] | AtLeastN = "all"
    requirement: Node | None = None
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()


class Provenance(Model):
    """What made the output: program version, hash of the rule files, model (null: rules only).

    ``vocabularies`` are the user's own that codes were taken from beside the built-in one.
    """

    program: str
    version: str
    lexicons: str
    model: str | None = None
    vocabularies: tuple[str, ...] = ()


class Extraction(Model):
    """The whole output for one posting."""

    schema_version: Literal["1"] = SCHEMA_VERSION
    trial: Trial
    text: str
    sections: tuple[Section, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    warnings: tuple[Warning, ...] = ()
    provenance: Provenance


for _model in (All, Any, Not, AtLeast, If, Except, Criterion, Window):
    _model.model_rebuild()
