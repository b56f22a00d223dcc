"""Agreement of two annotators: F1 either way round, and Cohen's kappa."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.agreement import (
    agreements,
    common,
    kappa,
    mention_labels,
    token_labels,
)
from trialcriteria.evaluate.annotated import Annotated, Mention
from trialcriteria.schema import Span

ROOT = Path(__file__).parents[2]
TEXT = "Severe asthma (FEV1 < 50 %)"


def annotated(*mentions: tuple[str, str]) -> Annotated:
    """Mentions from (label, words)."""
    spans = [(label, TEXT.index(words), len(words)) for label, words in mentions]
    return Annotated(
        "d", TEXT, tuple(Mention(label, (Span(at, at + size),)) for label, at, size in spans)
    )


def test_kappa_by_hand():
    # Agreed 7 of 10; by chance 0.6 * 0.5 + 0.4 * 0.5 = 0.5.
    labels = [("a", "a")] * 4 + [("a", "b")] * 2 + [("b", "a")] + [("b", "b")] * 3
    found = kappa(labels)
    assert (found.items, found.agreed) == (10, 7)
    assert found.kappa == pytest.approx((0.7 - 0.5) / (1 - 0.5))


@pytest.mark.parametrize("labels", [[], [("a", "a")], [("a", "a")] * 5])
def test_one_label_has_no_kappa(labels):
    found = kappa(labels)
    assert (found.kappa, found.items, found.agreed) == (None, len(labels), len(labels))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2))
def test_kappa_is_that_of_scikit_learn(labels):
    found = kappa(labels).kappa
    if found is not None:
        assert found == pytest.approx(cohen_kappa_score(*zip(*labels, strict=True)))
    else:
        assert len({label for pair in labels for label in pair}) == 1


def test_labels_at_random_have_a_kappa_near_zero():
    rng = random.Random(5)
    labels = [(rng.choice("abc"), rng.choice("aab")) for _ in range(5000)]
    assert kappa(labels).kappa == pytest.approx(0, abs=0.03)


def test_mention_labels_are_those_of_overlapping_mentions():
    first = annotated(("qualifier", "Severe"), ("condition", "asthma"), ("measurement", "FEV1"))
    second = annotated(("condition", "Severe asthma"), ("observation", "FEV1"), ("value", "< 50"))
    assert sorted(mention_labels(first, second)) == [
        ("condition", "condition"),
        ("measurement", "observation"),
    ]


def test_token_labels_are_those_of_the_shortest_mention():
    # Tokens: Severe asthma ( FEV1 < 50 % )
    first = annotated(("condition", "Severe asthma"), ("qualifier", "Severe"), ("value", "< 50 %"))
    second = annotated(("condition", "asthma (FEV1 < 50 %)"), ("value", "50"), ("count", "50"))
    assert list(token_labels(first, second)) == [
        ("qualifier", "none"),
        ("condition", "condition"),
        ("none", "condition"),
        ("none", "condition"),
        ("value", "condition"),
        ("value", "count"),
        ("value", "condition"),
        ("none", "condition"),
    ]


MEASURES = (
    "segmentation.strict", "entities.strict", "entities.relaxed", "facts.strict", "facts.relaxed",
)  # fmt: skip


def test_an_annotator_agrees_with_himself(hand_made):
    posting, total = agreements([hand_made], [hand_made])
    assert (posting.posting, total.posting) == (hand_made.trial.id, None)
    for found in (posting, total):
        assert tuple(found.f1) == MEASURES
        assert {score.f1 for score in found.f1.values()} == {1.0}
        assert (found.mentions.kappa, found.mentions.items) == (1.0, 14)
        assert found.tokens.kappa == 1.0


@pytest.fixture
def other_view(hand_made):
    """Another annotator: no heart failure, ALT a procedure, the last criterion left out."""
    *others, _ = hand_made.criteria
    both = others[1]
    alt, limit, _ = both.entities
    others[1] = both.model_copy(
        update={
            "entities": (alt.model_copy(update={"label": "procedure"}), limit),
            "requirement": both.requirement.of[0],
        }
    )
    return hand_made.model_copy(update={"criteria": tuple(others)})


def test_by_hand(hand_made, other_view):
    posting, _ = agreements([hand_made], [other_view])
    counts = {name: (one.gold, one.predicted, one.correct) for name, one in posting.f1.items()}
    assert counts == {
        "segmentation.strict": (6, 5, 5),
        "entities.strict": (14, 11, 10),
        "entities.relaxed": (14, 11, 10),
        "facts.strict": (7, 4, 4),
        "facts.relaxed": (7, 4, 4),
    }
    assert (posting.mentions.items, posting.mentions.agreed) == (11, 10)
    # Age, 2 values, 2 drugs, and five labels once; "measurement" and "procedure" on one side each.
    by_chance = (1 + 2 * 2 + 2 * 2 + 5 * 1) / 11
    assert posting.mentions.kappa == pytest.approx((10 - by_chance) / (11 - by_chance))


def test_order_does_not_matter(hand_made, other_view):
    forth, back = agreements([hand_made], [other_view])[0], agreements([other_view], [hand_made])[0]
    assert {name: one.f1 for name, one in forth.f1.items()} == {
        name: one.f1 for name, one in back.f1.items()
    }
    assert forth.mentions == back.mentions
    assert forth.tokens == back.tokens


def test_all_postings_together_pool_their_items(hand_made, other_view):
    second_id = hand_made.trial.model_copy(update={"id": "NCT99000002"})
    first = [hand_made, hand_made.model_copy(update={"trial": second_id})]
    second = [first[1], other_view]
    *each, total = agreements(first, second)
    assert [one.posting for one in each] == ["NCT99000001", "NCT99000002"]
    assert total.f1["entities.strict"].correct == 24
    assert total.mentions.items == 25
    assert total.tokens.items == sum(one.tokens.items for one in each)


def test_only_common_postings_count(hand_made):
    alone = hand_made.model_copy(
        update={"trial": hand_made.trial.model_copy(update={"id": "NCT99000009"})}
    )
    assert common([alone, hand_made], [hand_made]) == [(hand_made, hand_made)]
    with pytest.raises(EvaluationError, match="no posting in common"):
        agreements([alone], [hand_made])


def test_another_text_is_refused(hand_made):
    other = hand_made.model_copy(update={"text": hand_made.text + " "})
    with pytest.raises(EvaluationError, match=r"NCT99000001: .* different texts"):
        agreements([hand_made], [other])


def test_script(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "agreement.py", tmp_path, tmp_path, "--data", tmp_path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("agreement: ")
    assert len(done.stderr.splitlines()) == 1
