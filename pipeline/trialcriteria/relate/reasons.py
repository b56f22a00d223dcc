"""Why a statement asks something: reasons that a posting gives are nothing to check.

"Pregnant women are excluded because cisplatin may harm the fetus" says nothing about cisplatin.
"""

import re

from trialcriteria.relate.scope import Region, Scope

_REFUSED = re.compile(
    r"\b(?:excluded|exclusion|ineligible|not\s(?:be\s)?(?:allowed|appropriate|eligible|enrolled|included"
    r"|permitted))\b[^.;]{0,100}?(?=[\s,]\bbecause\b)"
)
_BECAUSE = re.compile(r"(?=[\s,]because\b(?!\sof\b))")
_BEGINS = re.compile(r"\W{0,3}(?:for\s(?:this|these)\sreasons?,?\s)?(?:and\s)?because\b")
_RULE = re.compile(
    r"\b(?:must|should|shall|need to|(?:is|are|will be)\s(?:excluded|ineligible|not)|cannot"
    r"|may not)\b"
)


def without_reasons(scope: Scope, region: Region) -> Region:
    """The statement before "because ...", or behind the comma that ends "Because ..., ..."."""
    if "because" not in scope.lowered or "however" in scope.lowered:
        return region
    start = _end_of_first(scope, region)
    for found in (_REFUSED, _BECAUSE):
        reason = found.search(scope.lowered, start, region.end)
        asked = Region(start, reason.end() if reason else start)
        if scope.in_region(asked) and scope.at_surface(asked.end, region):
            return scope.trimmed(asked)
    return Region(start, region.end)


def _end_of_first(scope: Scope, region: Region) -> int:
    """Where the rule begins, behind a reason that stands before it."""
    begins = _BEGINS.match(scope.lowered, region.start, region.end)
    rule = _RULE.search(scope.lowered, begins.end(), region.end) if begins else None
    if begins is None or rule is None:
        return region.start
    comma = scope.lowered.rfind(",", begins.end(), rule.start())
    return comma + 1 if comma >= 0 else region.start
