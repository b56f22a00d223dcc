"""Where the clauses of a statement begin and end, and what their cues say."""

import re
from itertools import pairwise

from trialcriteria.relate.gaps import gap_text, link
from trialcriteria.relate.scope import Region, Scope, first_at
from trialcriteria.relate.staged import only_stages
from trialcriteria.relate.tree import Group, Leaf, Tree, join_trees, leaves
from trialcriteria.tag.cues import Cue
from trialcriteria.tag.mentions import Mention

_POPULATION = re.compile(
    r"\b(?:wom[ae]n|females?|males?|m[ae]n|fertil\w*|child\w*|reproductive"
    r"|becom(?:e|ing) pregnant|sexually active|partners?|girls?|boys?|infants?|neonates?"
    r"|newborns?|adolescents?|minors?|adults?|(?:pre|peri|post)-?\s?menopausal)\b"
)
_NEW_CLAUSE = re.compile(r",\s+(?:with|but|although|however|while|the use|use of|patients)\b")
_GOES_ON = re.compile(r",\s*(?:such as|including|e\.g|for example|which|that|who)\b")
_MAIN_CLAUSE = re.compile(
    r",\s*(?:then\s|(?:the\s|their\s|an?\s)?(?:stable\s)?(?:\w+\s)?"
    r"(?:must|should|shall|has to|have to)\s)"
)
_EVERYBODY = re.compile(
    r",\s+and\s+(?:all\s+)?(?:participants|patients|subjects)"
    r"\s+(?:must|should|agree|need|have to)\b"
)
_STRICT = re.compile(r"(?:must|should|shall|needs? to|(?:is|are) required to|ha(?:s|ve) to)\b")
_PATIENTS = re.compile(
    r"(?:all\s)?(?:patients|subjects|participants|individuals|persons|those|wom[ae]n|m[ae]n)\s"
    r"(?:with|who|whose|that|on|receiving|taking|using|requiring|treated|undergoing)\s[^.;]{1,200}"
)
_CLOSES = re.compile(
    r"(?:as|in|per|according|at|by)\b[^,;:]{0,40}"
    r"\b(?:investigators?|researchers?|physicians?|clinicians?|doctors?|opinion)[\s.)]*"
)
_RELATIVE = re.compile(r"\b(?:that|which)\Z")
_CLAUSE_REACH = 45  # code points between a clause's comma and its judgement cue
_CONDITION_REACH = 30  # code points between "if" and the concept it names


def each_excepted(scope: Scope, tree: Tree | None) -> Tree | None:
    """ "Except A and B": each of them is an exception."""
    units = leaves(tree)
    plain = isinstance(tree, Group) and all(isinstance(of, Leaf) for of in tree.of)
    gaps = [gap_text(scope, first.end, second.start) for first, second in pairwise(units)]
    if not plain or any(link(gap) not in {"and", "comma"} for gap in gaps):
        return tree
    return join_trees([Leaf(unit) for unit in units], "any")


def last_comma(scope: Scope, region: Region, cue: Cue) -> int | None:
    """The last surface comma that a new clause starts at ("..., with the use of")."""
    if scope.lowered.startswith("excepted", cue.start):
        at = scope.view.rfind(",", region.start, region.end)
        return at if at >= 0 else None
    found = None
    for match in _NEW_CLAUSE.finditer(scope.lowered):
        at = match.start()
        if region.start <= at < region.end and scope.at_surface(at, region):
            found = at
    return found


def clause_around(scope: Scope, region: Region, cue: Cue) -> tuple[int, int]:
    """From the comma shortly before the cue, else the cue itself, to the next comma.

    "That may affect safety, compliance or results" goes on to the end. "As judged by the
    investigator" behind a list says something of all of it, and stands alone.
    """
    reach = max(region.start, cue.start - _CLAUSE_REACH)
    before = scope.view.rfind(",", reach, cue.start)
    while before >= 0 and not scope.at_surface(before, region):
        before = scope.view.rfind(",", reach, before)
    relative = _RELATIVE.search(scope.lowered, reach, before) if before >= 0 else None
    if relative:  # "conditions that, in the opinion of the investigator, may interfere"
        return relative.start(), region.end
    after = _surface_comma(scope, Region(cue.end, region.end), region)
    closing = scope.lowered[cue.start : after if after >= 0 else region.end]
    if _CLOSES.fullmatch(closing):
        return cue.start, cue.start + len(closing)
    if scope.lowered.startswith(("that ", "which "), cue.start):
        after = -1
    return before if before >= 0 else cue.start, after if after >= 0 else region.end


def _surface_comma(scope: Scope, within: Region, region: Region) -> int:
    """The first comma that stands in no parentheses of the region, else -1."""
    at = scope.view.find(",", *within)
    while at >= 0 and not scope.at_surface(at, region):
        at = scope.view.find(",", at + 1, within.end)
    return at


def conditions_a_value(scope: Scope, region: Region, cue: Cue) -> bool:
    """ "<= 5 x ULN if liver metastases": read with the value, in the flat stretch."""
    follows = any(
        m.value is not None
        and region.start <= m.start
        and m.end <= cue.start
        and scope.lowered[m.end : cue.start].strip(" (,;") in {"", "or"}
        for m in scope.mentions
    )
    named = any(
        0 <= m.start - cue.end <= _CONDITION_REACH and m.value is None for m in scope.mentions
    )
    return follows and named


def only_windows(scope: Scope, region: Region) -> bool:
    return all(m.label == "window" for m in scope.in_region(region))


def condition_end(scope: Scope, region: Region) -> int | None:
    """The first surface comma behind a mention where the condition ends.

    In "if on A, B or C, the dose must be stable" that is the one before what must be.
    """
    first = next((m.end for m in scope.mentions if m.start >= region.start), region.end)
    at = scope.view.find(",", first, region.end)
    commas: list[int] = []
    while at >= 0:
        surface = scope.at_surface(at, region) and not scope.inside_mention(at)
        if surface and not _GOES_ON.match(scope.lowered, at):
            commas.append(at)
        at = scope.view.find(",", at + 1, region.end)
    main = (comma for comma in commas if _MAIN_CLAUSE.match(scope.lowered, comma, region.end))
    return next(main, commas[0] if commas else None)


def new_subject(scope: Scope, region: Region) -> int:
    """Where a list of obligations turns to everybody (", and participants agree to")."""
    found = _EVERYBODY.search(scope.lowered, region.start, region.end)
    return found.start() if found else region.end


def is_population(scope: Scope, mention: Mention) -> bool:
    if mention.value is not None:
        return mention.value.kind == "age"
    text = scope.lowered[mention.start : mention.end]
    return mention.label in {"demographic", "observation"} and bool(_POPULATION.search(text))


def start_of_rule(scope: Scope, before: Region, people_end: int, cue: Cue) -> int:
    """ "For minors, a parent must ...": who must stands behind the comma."""
    comma = scope.view.find(",", people_end, before.end)
    return comma + 1 if comma >= 0 and scope.lowered.startswith("for ", before.start) else cue.start


def names_patients(scope: Scope, region: Region, cue: Cue) -> bool:
    """ "Patients receiving X must ...": an inclusion criterion for those only."""
    if scope.join == "any" or not _STRICT.match(scope.lowered, cue.start):
        return False
    if scope.cues_in(Region(region.start, cue.start), "permission"):
        return False
    return _PATIENTS.fullmatch(scope.lowered, region.start, cue.start) is not None


def defines(scope: Scope, parenthesis: Region) -> bool:
    """Parentheses with measures and their values say what the words before them mean."""
    mentions = scope.in_region(parenthesis)
    values = [m for m in mentions if m.value is not None]
    measures = [m for m in mentions if m.label == "measurement"]
    if not (values and measures) or only_stages(scope, parenthesis):
        return False
    return not (excepts(scope, parenthesis) or illustrates(scope, parenthesis))


def illustrates(scope: Scope, parenthesis: Region) -> bool:
    """Parentheses that begin with "e.g." give an example, which requires nothing."""
    place = Region(parenthesis.start + 1, parenthesis.end - 1)
    first = first_at(scope.cues, place.start)
    for cue in scope.cues[first : first + 1]:
        return cue.kind == "example" and cue.start <= place.start + 2 and cue.end <= place.end
    return False


def excepts(scope: Scope, parenthesis: Region) -> bool:
    inside = Region(parenthesis.start + 1, parenthesis.end - 1)
    cues = [c for c in scope.cues if inside.holds(c.start, c.end)]
    if any(c.kind == "permission" and not is_refused(scope, c) for c in cues):
        return True
    return any(c.kind.startswith("exception") and c.start <= inside.start + 4 for c in cues)


def is_refused(scope: Scope, cue: Cue) -> bool:
    return (
        re.search(r"\b(?:not|no)\W*$", scope.lowered[max(0, cue.start - 6) : cue.start]) is not None
    )
