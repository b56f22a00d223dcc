"""Criteria -> the same with codes: on the subject of every fact, and on examples of it.

Runs behind the cache of criteria, because an abbreviation means in one posting what it does not in
another.
"""

from collections.abc import Callable

from trialcriteria.link.linker import codes, codes_as_written
from trialcriteria.link.senses import Context
from trialcriteria.schema import (
    All,
    Any,
    AtLeast,
    Code,
    Criterion,
    Entity,
    Except,
    Fact,
    If,
    Node,
    Not,
    Relation,
)

_EXAMPLE = "example_of"


def linked(criterion: Criterion, text: str, context: Context) -> Criterion:
    """The criterion with codes; ``text`` is that of the posting, which spans are of."""
    node = criterion.requirement
    if node is not None:
        node = each_fact(node, lambda fact: _linked(fact, text, context))
    entities = _with_examples(criterion.entities, criterion.relations, context)
    if node is criterion.requirement and entities is criterion.entities:
        return criterion
    return Criterion.known({**vars(criterion), "requirement": node, "entities": entities})


def each_fact(node: Node, change: Callable[[Fact], Fact]) -> Node:
    """The node with every fact changed, those of conditions and exceptions too."""
    match node:
        case Fact():
            return change(node)
        case All() | Any() | AtLeast():
            of = tuple([each_fact(one, change) for one in node.of])
            return node.known({**vars(node), "of": of})
        case Not():
            return Not(of=each_fact(node.of, change))
        case Except():
            return Except(of=each_fact(node.of, change), unless=each_fact(node.unless, change))
        case If():
            otherwise = each_fact(node.otherwise, change) if node.otherwise else None
            when, then = each_fact(node.when, change), each_fact(node.then, change)
            return If(when=when, then=then, otherwise=otherwise)
        case _:
            return node


def _linked(fact: Fact, text: str, context: Context) -> Fact:
    subject = fact.subject
    found = codes(subject.text, subject.kind, context, fact.source)
    if fact.qualifiers and (narrowed := _narrowed(fact, text)):
        systems = {code.system for code in narrowed}
        found = (*narrowed, *[code for code in found if code.system not in systems])
    if not found:
        return fact
    coded = subject.known({**vars(subject), "codes": found})
    return fact.known({**vars(fact), "subject": coded})


def _narrowed(fact: Fact, text: str) -> tuple[Code, ...]:
    """Codes of the subject with the qualifiers in front: "acute appendicitis" has its own."""
    span = fact.subject.span
    if span is None or fact.subject.kind == "measurement":
        return ()
    starts = sorted(q.span.start for q in fact.qualifiers if q.span.start < span.start)
    of_start = (codes_as_written(text[start : span.end], fact.subject.kind) for start in starts)
    return next(filter(None, of_start), ())


def _with_examples(
    entities: tuple[Entity, ...], relations: tuple[Relation, ...], context: Context
) -> tuple[Entity, ...]:
    """The entities, those with codes that are only an example of what a fact is about."""
    examples = {relation.head for relation in relations if relation.kind == _EXAMPLE}
    if not examples:
        return entities
    return tuple([_coded(one, context) if one.id in examples else one for one in entities])


def _coded(entity: Entity, context: Context) -> Entity:
    found = codes(entity.text, entity.label, context, entity.source)
    return entity.known({**vars(entity), "codes": found})
