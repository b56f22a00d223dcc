"""Doses: amounts that a drug is given in, or of radiation."""

import re

from trialcriteria.relate.results import OF_A_LAB
from trialcriteria.relate.scope import Scope
from trialcriteria.relate.tree import Unit
from trialcriteria.tag.mentions import Mention

_MASS = re.compile(r"\b(?:mg|mcg|g|\u03bcg|ug|iu|units?|u|ml)\b", re.IGNORECASE)
_RADIATION = re.compile(r"c?gy|grays?", re.IGNORECASE)
_FLOW = re.compile(r"\W*(?:l|litres?|liters?) ?(?:/|per) ?min", re.IGNORECASE)


def is_dose(mention: Mention) -> bool:
    """Whether the unit is one that drugs are given in."""
    assert mention.value is not None
    unit = mention.value.unit_text or ""
    if mention.value.kind == "dose" or _FLOW.match(unit):
        return True
    return _MASS.search(unit) is not None and OF_A_LAB.search(unit) is None


def takes_dose(unit: Unit, mention: Mention) -> bool:
    """ "Prednisone 10 mg", "radiotherapy > 30 Gy"."""
    if unit.concept.label == "procedure":
        radiation = mention.value is not None and _RADIATION.fullmatch(
            mention.value.unit_text or ""
        )
        return bool(radiation)
    return unit.concept.label == "drug" and is_dose(mention)


def is_level(unit: Unit, mention: Mention) -> bool:
    """ "Insulin >= 20 mU/L": a drug's name with a laboratory's unit, behind which it stands."""
    return unit.concept.label == "drug" and not is_dose(mention)


def is_of_last(scope: Scope, chosen: Unit, mention: Mention) -> bool:
    """ "Immunotherapy or corticosteroids (> 10 mg/day)": the dose of the last drug alone."""
    around = scope.parenthesis_at(mention.start)
    aside = around is not None and around.start >= chosen.end
    return aside and mention.value is not None and mention.value.kind == "dose"
