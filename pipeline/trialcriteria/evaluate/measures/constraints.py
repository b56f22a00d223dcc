"""Constraints against the Leaf Logical Forms: what is compared with which number, and how.

``constraint`` wants operator, number and unit to agree; ``with_subject`` also that the last word
of a subject is a word of the other side's subject (a constraint whose subject gold does not name,
as in ``drug()``, agrees with any). What counts as the same constraint is told in
``trialcriteria.evaluate.constraints``; gold is read from the facts of the form, so that both
sides go through the same rules.

Each form is compared on its own, also where several annotators wrote the same line. Tallies are
those of a trial, whose lines are no independent samples.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

from trialcriteria.evaluate.constraints import Constraint, constraints_of, merged, stated
from trialcriteria.evaluate.corpora.llf import LogicalForm
from trialcriteria.evaluate.corpora.llf_facts import facts
from trialcriteria.evaluate.matching import Pairing, assign, extended, joined
from trialcriteria.evaluate.scores import (
    Judged,
    Measured,
    Shown,
    Tallies,
    grouped,
    measured,
    mistakes,
    tally,
)
from trialcriteria.schema import Extraction, Span

Agrees = Callable[[Constraint, Constraint], bool]
"""Whether a constraint of gold and one of the prediction agree."""


class Rules(NamedTuple):
    """When constraints agree: which can be paired at all, and which have the same subject.

    ``more`` names further strictnesses, beside ``constraint`` and ``with_subject``.
    """

    near: Agrees
    subject: Agrees
    more: Mapping[str, Agrees] = {}

    def strictnesses(self) -> dict[str, Agrees]:
        """The loosest first; each wants operator, number and unit to agree."""

        def with_limit(also: Agrees) -> Agrees:
            def agrees(gold: Constraint, predicted: Constraint) -> bool:
                same = self.near(gold, predicted) and gold.limit.agrees(predicted.limit)
                return same and also(gold, predicted)

            return agrees

        named = {"constraint": anything, "with_subject": self.subject, **self.more}
        return {name: with_limit(also) for name, also in named.items()}


_ALONE = 3
"""Weight of a constraint that only one side has: operator, number and unit are wrong."""


def constraints_of_form(form: LogicalForm) -> list[Constraint]:
    """The constraints that a form states."""
    return merged(stated(facts(form).node, Span(0, len(form.text))))


def measure_llf(pairs: Iterable[tuple[LogicalForm, Extraction]]) -> Measured:
    """Tallies by role (age, numeric, temporal), one a trial, in the order of their first forms."""
    pairs = list(pairs)
    judged = (
        judge("llf", form.name, constraints_of_form(form), constraints_of(extraction), _IN_A_LINE)
        for form, extraction in pairs
    )
    found = measured("llf", tuple(_IN_A_LINE.strictnesses()), judged)
    return grouped(found, [form.trial for form, _ in pairs])


def measure_annotators(forms: Iterable[LogicalForm]) -> Measured:
    """Every two annotators of the same line against each other, the first of them as gold."""
    lines: defaultdict[str, list[LogicalForm]] = defaultdict(list)
    for form in forms:
        lines[form.document].append(form)
    pairs = [pair for same in lines.values() for pair in combinations(same, 2)]
    judged = (
        judge(
            "llf_annotators",
            one.name,
            constraints_of_form(one),
            constraints_of_form(two),
            _IN_A_LINE,
        )
        for one, two in pairs
    )
    found = measured("llf_annotators", tuple(_IN_A_LINE.strictnesses()), judged)
    return grouped(found, [one.trial for one, _ in pairs])


def anything(gold: Constraint, predicted: Constraint) -> bool:
    """Any two constraints agree."""
    return True


def same_words(gold: Constraint, predicted: Constraint) -> bool:
    """Whether the head of a subject, its last word, is in the other side's, or gold has none."""
    return not gold.subjects or any(
        ours[-1] in theirs or theirs[-1] in ours
        for ours in gold.subjects
        for theirs in predicted.subjects
    )


_IN_A_LINE = Rules(anything, same_words)


def judge(
    measure: str,
    posting: str,
    gold: Sequence[Constraint],
    predicted: Sequence[Constraint],
    rules: Rules,
) -> Judged:
    """Constraints about one text under each strictness of the rules.

    What is paired counts under the role that it has in gold. Mistakes are those of the strictness
    ``constraint``, and the subjects that differ in its pairs.
    """
    agrees = rules.strictnesses()
    pairings = {name: _paired(gold, predicted, rules, same) for name, same in agrees.items()}
    beside = extended(pairings["constraint"], _alike(gold, predicted, rules))
    return Judged(
        {name: _tallied(gold, predicted, pairing) for name, pairing in pairings.items()},
        mistakes(measure, posting, joined(gold, predicted, beside), partial(_wrong, rules), _shown),
    )


def _paired(
    gold: Sequence[Constraint], predicted: Sequence[Constraint], rules: Rules, same: Agrees
) -> Pairing:
    """As many pairs as possible, those with the same subject before others."""
    one_more = 1 + len(gold)
    return assign(
        {
            (place, other): one_more + rules.subject(ours, theirs)
            for place, ours in enumerate(gold)
            for other, theirs in enumerate(predicted)
            if same(ours, theirs)
        }
    )


def _alike(
    gold: Sequence[Constraint], predicted: Sequence[Constraint], rules: Rules
) -> dict[tuple[int, int], float]:
    """How many parts agree, of two constraints with the same number or the same subject."""
    return {
        (place, other): _ALONE + 1 - _wrong(rules, ours, theirs)
        for place, ours in enumerate(gold)
        for other, theirs in enumerate(predicted)
        if rules.near(ours, theirs)
        and (ours.limit.number == theirs.limit.number or rules.subject(ours, theirs))
    }


def _wrong(rules: Rules, gold: Constraint | None, predicted: Constraint | None) -> float:
    """How many of operator, number, unit and subject differ."""
    if gold is None or predicted is None:
        return _ALONE
    one, two = gold.limit, predicted.limit
    equal = (one.compares_as(two), one.number == two.number, one.unit == two.unit)
    return 4 - sum((*equal, rules.subject(gold, predicted)))


def _shown(constraint: Constraint) -> Shown:
    return Shown(constraint.role, str(constraint), constraint.limit.span)


def _tallied(
    gold: Sequence[Constraint], predicted: Sequence[Constraint], pairing: Pairing
) -> Tallies:
    roles = [constraint.role for constraint in gold]
    given = [constraint.role for constraint in predicted]
    for place, other in pairing.items():
        given[other] = roles[place]
    return tally(roles, given, (roles[place] for place in pairing))
