"""Cues of ConText: what they modify, and the cheap test that spares looking for them."""

import pytest

from trialcriteria.relate.context import (
    _PLAIN_DIRECTIONS,
    Modifier,
    _rows,
    _without_umls_lookup,
    cue_places,
    find_modifiers,
)
from trialcriteria.tag.spacy_words import english

with _without_umls_lookup():
    from medspacy.context import ConText, ConTextRule

SENTENCES = [
    ("no evidence of stroke, no known asthma", ["stroke", "asthma"]),
    ("no stroke but asthma and suspected gout", ["stroke", "asthma", "gout"]),
    ("stroke is prohibited, asthma", ["stroke", "asthma"]),
    ("not limited to stroke without asthma", ["stroke", "asthma"]),
    ("stroke, asthma or gout are not allowed unless absent", ["stroke", "asthma", "gout"]),
    ("family history of stroke in a partner with asthma", ["stroke", "asthma"]),
    ("no/without stroke-asthma, no (gout)", ["stroke", "asthma", "gout"]),
    ("stroke", ["stroke"]),
]


def _places(text: str, words: list[str]) -> list[tuple[int, int]]:
    return [(text.index(word), text.index(word) + len(word)) for word in words]


def _by_medspacy(text: str, targets: list[tuple[int, int]]) -> list[Modifier]:
    """What the whole component of medspaCy finds."""
    nlp = english()
    context = ConText(
        nlp, rules=None, span_attrs=None, input_span_type="group", span_group_name="targets"
    )
    for row in _rows():
        direction = _PLAIN_DIRECTIONS.get(row.direction, row.direction).upper()
        context.add([ConTextRule(word, row.category, direction=direction) for word in row.words])
    doc = nlp.make_doc(text)
    for token in doc:
        token.is_sent_start = token.i == 0
    spans = [doc.char_span(*target, label="TARGET", alignment_mode="expand") for target in targets]
    doc.spans["targets"] = spans
    context(doc)
    index_of = {span.start: index for index, span in enumerate(spans)}
    found = []
    for target, cue in doc._.context_graph.edges:
        words = doc[slice(*cue.modifier_span)]
        place = index_of[target.start]
        found.append(Modifier(place, words.start_char, words.end_char, cue.category))
    return found


@pytest.mark.filterwarnings(r"ignore:\[W036\]")
@pytest.mark.parametrize(("text", "words"), SENTENCES)
def test_modifiers_are_those_of_medspacy(text: str, words: list[str]) -> None:
    targets = _places(text, words)
    assert find_modifiers(text, targets) == _by_medspacy(text, targets)


def test_a_cue_modifies_what_stands_behind_it() -> None:
    text = "no evidence of stroke"
    assert find_modifiers(text, _places(text, ["stroke"])) == [
        Modifier(0, 0, len("no evidence of"), "NEGATED_EXISTENCE")
    ]


def test_nothing_is_modified_without_a_cue() -> None:
    assert find_modifiers("stroke and asthma", [(0, 6)]) == []


def test_of_cues_of_one_direction_at_a_place_the_shortest_counts() -> None:
    (place,) = cue_places("no evidence of stroke")
    assert (place.start, place.end, place.direction) == (0, len("no"), "forward")
    assert place.may_reach(15, 21)


def test_a_cue_is_a_whole_word() -> None:
    assert cue_places("nobody, nothing") == []
