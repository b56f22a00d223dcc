"""The mentions and links that the facts of one criterion rest on -> entities and relations."""

from dataclasses import dataclass, field
from typing import NamedTuple

from trialcriteria.schema import Entity, EntityLabel, Relation, RelationKind, Span

SOURCE = "gold"


class Mention(NamedTuple):
    """Labelled words of the text; without spans where the words are implied."""

    label: EntityLabel
    spans: tuple[Span, ...]


@dataclass
class Noted:
    """Collects each mention and link once; implied words make neither."""

    mentions: dict[Mention, None] = field(default_factory=dict)
    links: dict[tuple[RelationKind, Mention, Mention], None] = field(default_factory=dict)

    def mention(self, label: EntityLabel, spans: tuple[Span, ...]) -> Mention:
        """Note a mention."""
        mention = Mention(label, spans)
        if spans:
            self.mentions[mention] = None
        return mention

    def link(self, kind: RelationKind, head: Mention, tail: Mention) -> None:
        """Note a link."""
        if head.spans and tail.spans:
            self.links[kind, head, tail] = None

    def entities(self, text: str) -> tuple[Entity, ...]:
        """The entities in text order, ``t1`` first."""
        return tuple(
            Entity(
                id=name,
                label=mention.label,
                spans=mention.spans,
                text=" ".join(text[span.start : span.end] for span in mention.spans),
                source=SOURCE,
                score=1.0,
            )
            for mention, name in self._names().items()
        )

    def relations(self) -> tuple[Relation, ...]:
        """The relations between them."""
        names = self._names()
        return tuple(
            Relation(kind=kind, head=names[head], tail=names[tail], source=SOURCE, score=1.0)
            for kind, head, tail in self.links
        )

    def _names(self) -> dict[Mention, str]:
        ordered = sorted(self.mentions, key=lambda mention: (mention.spans, mention.label))
        return {mention: f"t{number}" for number, mention in enumerate(ordered, start=1)}
