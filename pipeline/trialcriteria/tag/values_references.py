"""What a value is relative to: limits of normal, predicted value, baseline, detection limit."""

import re
from typing import Literal, NamedTuple

from trialcriteria.tag.values_types import Relative

_FILL = (
    r"(?:(?:the|that|their|its|an|institutional|institution's|institution|institutional's|local"
    r"|laboratory|laboratory's|"
    r"lab|lab's|central|site|specific|respective|corresponding|age-adjusted|adjusted|age|sex"
    r"|gender|"
    r"appropriate|study|center|centre|reference|assay|than|of|for)[\s,-]{1,4}){0,6}"
)
_RANGE = r"(?:ranges?|limits?|values?|levels?|reference|laboratory|lab|interval)"
_NAME = r"\s?[(\[]\s?i?(?:uln|unl|lln|lnl|lsn|ulnr)(?:rr?)?\s?[)\]]"
_UPPER = (
    r"(?:i?ulnr?|i?unl|lsn|uln-?rr|ul)(?![a-z0-9])"
    r"|(?:upper|top)[\s-]{1,3}(?:limits?|levels?|bounds?|ranges?|end|range\slimits?|normal"
    r"|reference)"
    r"|normal\supper|highest\s(?:limit|reference)"
    r"|(?:maximum|maximal|max\.?|upper|highest)\snormal(?:\s(?:values?|limits?|levels?|range))?(?![a-z])"
)
_LOWER = (
    r"(?:i?lln|lnl)(?![a-z0-9])"
    r"|lower[\s-]{1,3}(?:limits?|levels?|bounds?|range|end|normal|reference)"
)
_LIMIT_TAIL = (
    r"(?:(?:[\s-]{1,4}(?:of|for|the|a|an|each|that|institutional|local|central|site"
    r"|adjusted)(?![a-z])){0,4}"
    r"[\s-]{1,4}(?:limits?|levels?|values?|boundary|bound|ranges?|reference|normals?"
    r"|normality|age|sex|gender|"
    r"institution(?:'s)?|laboratory(?:'s)?|lab|serum)(?![a-z])){0,4}"
)
_REFERENCE = re.compile(
    rf"{_FILL}(?:(?P<detection>(?:lower\s)?(?:limits?|level|threshold)\sof\s(?:detection"
    rf"|detectability|quantification|quantitation)"
    r"|(?:assay(?:'s)?\s)?(?:lower\s)?(?:detection|quantification|detectable)\s(?:limits?"
    r"|threshold|level)"
    r"|(?:lloq|llod|lod)(?![a-z]))"
    rf"|(?P<uln>{_UPPER}){_LIMIT_TAIL}(?:{_NAME})?"
    rf"|(?P<lln>{_LOWER}){_LIMIT_TAIL}(?:{_NAME})?"
    rf"|(?P<normal>(?:normals?|normality|wnl)(?:\s{_RANGE}){{0,2}}(?![a-z-])"
    rf"|n(?![a-z0-9.])|reference\s(?:ranges?|interval|limits?|values?))"
    r"|(?P<baseline>baseline(?:\s(?:value|level))?(?![a-z]))"
    r")"
)
_OF = re.compile(
    r"\s{0,4}(?:of\s{1,4})?(?:the\s{1,4}|their\s{1,4}|its\s{1,4})?(?:(?P<predicted>predicted"
    r"|expected|pred\.?(?![a-z]))(?:\snormal)?(?:\svalues?)?"
    r"|(?<=of\s)(?P<baseline>baseline(?:\s(?:value|level))?)"
    r"|of\s(?:the\s|their\s)?(?P<baseline_of>baseline(?:\s(?:value|level))?))(?![a-z])"
)

# "3 x (ULN)", "2.5 times [upper limit of normal, ULN]"
_OPENED = re.compile(r"[(\[]\s?")
_CLOSED = re.compile(r"(?:,?\s?i?(?:uln|unl|lln|lnl))?\s?[)\]]")

Target = Literal["ULN", "LLN", "normal", "baseline", "detection"]
_TARGETS: tuple[tuple[str, Target], ...] = (
    ("detection", "detection"), ("uln", "ULN"), ("lln", "LLN"), ("normal", "normal"),
    ("baseline", "baseline"),
)  # fmt: skip


class Reference(NamedTuple):
    """A reference phrase that ends at ``end``."""

    target: Target
    end: int
    bare_letter: bool


def reference_at(low: str, pos: int) -> Reference | None:
    """The reference phrase at ``pos`` ("the institutional upper limit of normal (ULN)")."""
    opened = _OPENED.match(low, pos)
    match = _REFERENCE.match(low, opened.end() if opened else pos)
    if match is None:
        return None
    closed = _CLOSED.match(low, match.end()) if opened else None
    end = closed.end() if closed else match.end()
    for group, target in _TARGETS:
        if match[group]:
            return Reference(target, end, match[group] == "n")
    return None


def percent_base_at(low: str, pos: int) -> tuple[Relative, int] | None:
    """What a percentage that ends at ``pos`` is of ("predicted", "of baseline"), and its end."""
    match = _OF.match(low, pos)
    if match is None:
        return None
    return ("predicted" if match["predicted"] else "baseline"), match.end()
