"""Parse trees of requirements -> schema nodes, with every quote placed in the text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Literal, cast

from trialcriteria.evaluate.gold.amounts import range_of, value_of
from trialcriteria.evaluate.gold.layout import Page
from trialcriteria.evaluate.gold.noted import SOURCE, Mention, Noted
from trialcriteria.evaluate.gold.place import Quote, find, printed_pattern, quote_of
from trialcriteria.evaluate.gold.syntax import ParseTree, part, parts, token
from trialcriteria.evaluate.gold.windows import window_of
from trialcriteria.schema import (
    All,
    Any,
    AtLeast,
    Concept,
    ConceptKind,
    EntityLabel,
    Except,
    Fact,
    If,
    Node,
    Not,
    Qualifier,
    Range,
    RelationKind,
    Span,
    Unsupported,
    Value,
    Window,
)

NODES = ("fact", "all", "any", "at_least", "not_", "except_", "if_", "unsupported")

_Status = Literal["present", "absent", "possible"]
_Experiencer = Literal["patient", "family", "partner", "other"]
_QualifierKind = Literal[
    "severity", "stage", "acuteness", "stability", "certainty", "method", "site", "other"
]


@dataclass
class Reader:
    """Reads the requirement of one criterion; ``scopes`` are where quotes may stand, in order."""

    page: Page
    scopes: Sequence[Span]
    noted: Noted = field(default_factory=Noted)

    def node(self, tree: ParseTree) -> Node:
        """Any node of the notation."""
        match tree.data:
            case "fact":
                return _FactReader(self, tree).fact()
            case "unsupported":
                return self._unsupported(tree)
            case "all":
                return All(of=self._nodes(tree))
            case "any":
                return Any(of=self._nodes(tree))
            case "at_least":
                return AtLeast(n=int(str(token(tree, "NUMBER"))), of=self._nodes(tree))
            case "not_":
                self.cue(tree, "negation")
                return Not(of=self._nodes(tree)[0])
            case "except_":
                self.cue(tree, "exception")
                of, unless = self._nodes(tree)
                return Except(of=of, unless=unless)
        when, then, *otherwise = self._nodes(tree)
        return If(when=when, then=then, otherwise=otherwise[0] if otherwise else None)

    def also(self, tree: ParseTree) -> None:
        """A mention that is no requirement, and what it is to another mention."""
        label = cast(EntityLabel, token(tree, "LABEL"))
        own, *other = (self.spans(quote) for quote in parts(tree, "quote"))
        mention = self.noted.mention(label, own)
        if not other:
            return
        known = [each for each in self.noted.mentions if each.spans == other[0]]
        if not known:
            raise self.page.error(tree, "nothing above has exactly the words it is linked to")
        self.noted.link(cast(RelationKind, token(tree, "RELATION")), mention, known[0])

    def _nodes(self, tree: ParseTree) -> tuple[Node, ...]:
        return tuple(self.node(child) for child in parts(tree, *NODES))

    def _unsupported(self, tree: ParseTree) -> Unsupported:
        span = hull(self.spans(parts(tree, "quote")[0]))
        reason = token(tree, "REASON") or "no_concept"
        return Unsupported(span=span, text=self.text(span), reason=reason)

    def cue(self, tree: ParseTree | None, label: EntityLabel) -> Mention | None:
        """The quoted cue word of a rule, noted as a mention."""
        quote = part(tree, "quote") if tree else None
        return self.noted.mention(label, self.spans(quote)) if quote else None

    def spans(self, tree: ParseTree, after: int | None = None) -> tuple[Span, ...]:
        """Where a quote stands; an error where it does not."""
        quote = quote_of(tree)
        if quote.implied:
            return ()
        found = find(self.page.view, quote, self.scopes, after)
        if not found:
            raise self.page.error(
                tree, f"these words do not stand in the criterion: {_said(quote)}"
            )
        return found

    def text(self, span: Span) -> str:
        """The words of a span."""
        return self.page.text[span.start : span.end]


@dataclass
class _FactReader:
    """Reads one fact line; what belongs to the subject is looked for behind it first."""

    reader: Reader
    tree: ParseTree
    head: Mention = field(init=False)
    after: int | None = field(init=False)

    def fact(self) -> Fact:
        subject = self._subject()
        self._cues()
        window = part(self.tree, "window")
        return Fact(
            subject=subject,
            status=cast(_Status, self._word("status", "STATUS", "present")),
            experiencer=cast(_Experiencer, self._word("experiencer", "EXPERIENCER", "patient")),
            value=self._value("value", "has_value"),
            dose=self._value("dose", "has_dose"),
            count=self._range(self.tree, "count", self.head),
            duration=self._range(self.tree, "duration", self.head),
            window=self._window(window) if window else None,
            qualifiers=self._qualifiers(),
            spans=self.head.spans,
            source=SOURCE,
            score=1.0,
        )

    def _subject(self) -> Concept:
        kind = cast(ConceptKind, token(self.tree, "KIND"))
        quote = parts(self.tree, "quote", "implied")[0]
        spans = self.reader.spans(quote)
        self.head = self.reader.noted.mention(kind, spans)
        self.after = spans[-1].end if spans else None
        words = " ".join(map(self.reader.text, spans)) or quote_of(quote).words
        return Concept(kind=kind, text=words, span=hull(spans) if spans else None)

    def _word(self, rule: str, kind: str, default: str) -> str:
        tree = part(self.tree, rule)
        return str(token(tree, kind)) if tree else default

    def _cues(self) -> None:
        self.reader.cue(part(self.tree, "experiencer"), "experiencer")
        if self._word("status", "STATUS", "") == "possible":
            label, kind = "qualifier", "qualifies"
        else:
            label, kind = "negation", "negates"
        cue = self.reader.cue(part(self.tree, "status"), cast(EntityLabel, label))
        if cue:
            self.reader.noted.link(cast(RelationKind, kind), cue, self.head)

    def _value(self, rule: Literal["value", "dose"], link: RelationKind) -> Value | None:
        tree = part(self.tree, rule)
        if tree is None:
            return None
        spans = self._amount_spans(tree)
        self.reader.noted.link(link, self.head, self.reader.noted.mention(rule, spans))
        return value_of(tree, " ".join(map(self.reader.text, spans)), hull(spans))

    def _amount_spans(self, tree: ParseTree) -> tuple[Span, ...]:
        """The words of an amount: as quoted, else as the amount itself is written."""
        quote = part(tree, "quote")
        if quote:
            return self.reader.spans(quote, self.after)
        amounts = parts(tree, "bounds", "names", "unit", "relative")
        source = self.reader.page.written(amounts[0], amounts[-1])
        for scope in self.reader.scopes:
            start = self.after if self.after and self.after in range(*scope) else scope.start
            found = printed_pattern(source).search(self.reader.page.view, start, scope.end)
            if found:
                return (Span(*found.span()),)
        raise self.reader.page.error(
            tree, f"{source!r} is not written so in the text: quote its words"
        )

    def _range(
        self, holder: ParseTree, rule: Literal["count", "duration"], head: Mention
    ) -> Range | None:
        tree = part(holder, rule)
        amount = part(tree, "range") if tree else None
        if tree is None or amount is None:
            return None
        quote = part(tree, "quote")
        if quote:
            mention = self.reader.noted.mention(rule, self.reader.spans(quote, self.after))
            link: RelationKind = "has_count" if rule == "count" else "has_duration"
            self.reader.noted.link(link, head, mention)
        return range_of(amount)

    def _window(self, tree: ParseTree) -> Window:
        quote = part(tree, "quote")
        if quote is None:
            raise self.reader.page.error(tree, "a window needs its words in quotes")
        span = hull(self.reader.spans(quote, self.after))
        mention = self.reader.noted.mention("window", (span,))
        self.reader.noted.link("has_window", self.head, mention)
        anchors = part(tree, "anchors")
        quotes = parts(anchors, "quote") if anchors else []
        places = [hull(self.reader.spans(each, span.start)) for each in quotes]
        for place in places:
            anchor = self.reader.noted.mention("anchor", (place,))
            self.reader.noted.link("has_anchor", mention, anchor)
        # One phrase may serve several events: the last one given goes on.
        anchors_ = chain(places, repeat(places[-1])) if places else iter(())
        return window_of(tree, self.reader.page.text, span, anchors_)

    def _qualifiers(self) -> tuple[Qualifier, ...]:
        tree = part(self.tree, "qualifiers")
        return tuple(map(self._qualifier, parts(tree, "qualifier"))) if tree else ()

    def _qualifier(self, tree: ParseTree) -> Qualifier:
        amount, quote = part(tree, "amount"), part(tree, "quote")
        if quote is None and amount is None:
            raise self.reader.page.error(tree, "a qualifier needs its words in quotes")
        spans = self.reader.spans(quote) if quote else self._amount_spans(cast(ParseTree, amount))
        mention = self.reader.noted.mention("qualifier", spans)
        self.reader.noted.link("qualifies", mention, self.head)
        words, span = " ".join(map(self.reader.text, spans)), hull(spans)
        return Qualifier(
            kind=cast(_QualifierKind, token(tree, "QUALIFIER")),
            text=words,
            span=span,
            value=value_of(amount, words, span) if amount else None,
            duration=self._range(tree, "duration", mention),
        )


def hull(spans: tuple[Span, ...]) -> Span:
    """From the first start to the last end."""
    return Span(spans[0].start, spans[-1].end)


def _said(quote: Quote) -> str:
    return repr(quote.words)
