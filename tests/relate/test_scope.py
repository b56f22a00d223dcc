"""A criterion as the relate room sees it."""

from trialcriteria.relate.phrases import _leads, _rows
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.tag.mentions import Mention


def _mention(label: str, words: str, view: str) -> Mention:
    start = view.index(words)
    return Mention(label, start, start + len(words), "test", 1.0)  # type: ignore[arg-type]


def test_cues_and_qualifiers_stand_outside_of_mentions() -> None:
    view = "severe asthma unless severe sepsis"
    bare = Scope(view, (), "any")
    assert [(cue.start, cue.end) for cue in bare.qualifiers] == [(0, 6), (21, 27)]
    scope = Scope(view, (_mention("condition", "severe sepsis", view),), "any")
    assert [(cue.start, cue.end) for cue in scope.qualifiers] == [(0, 6)]
    assert [cue.kind for cue in scope.cues] == ["exception"]
    covered = Scope(view, (_mention("window", "unless severe", view),), "any")
    assert covered.cues == []
    assert covered.all_cues == scope.all_cues


REGIONS = (Region(0, 13), Region(3, 10), Region(6, 7))


def test_parentheses_of_a_region_are_the_outermost_balanced_ones_in_it() -> None:
    scope = Scope("a (b [c] d) e) (f", (), "all")
    assert scope.parentheses_in(Region(0, 17)) == [Region(2, 11)]
    assert scope.parentheses_in(Region(3, 10)) == [Region(5, 8)]


def test_the_surface_of_a_region_is_outside_of_parentheses_opened_in_it() -> None:
    scope = Scope("a (b [c] d) e", (), "all")
    surface = [[scope.at_surface(at, within) for at in (0, 3, 6)] for within in REGIONS]
    assert surface == [[True, False, False], [True, True, False], [True, True, True]]


def test_a_lead_of_a_phrase_names_the_first_row_it_fits() -> None:
    for lead in _leads().finditer("asthma confirmed by biopsy due to pain with wheezing"):
        fits = [row.id for row, pattern, _ in _rows() if pattern.match(lead.string, lead.start())]
        assert fits[0] == _rows()[int(str(lead.lastgroup)[1:])][0].id
