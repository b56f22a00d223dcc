"""What people are able, willing or ready to do: "unable to comply with visits".

The deed is one observation on its own words, however many concepts these name; what is said of the
consent form is left to the consent. Rows of ``lexicons/abilities.toml`` say which words ask for a
deed and where it ends.
"""

import re
from collections.abc import Iterator

from trialcriteria.schema import Span
from trialcriteria.tag.deeds import GRAMMAR, Deed, asks, find_deeds, listed
from trialcriteria.tag.mentions import Mention
from trialcriteria.view import lower_view, mask

PREFIX = "ability."
UNLIKELY = "ability.unlikely"
_SCORE = 0.8
_FAR = 300  # code points between a deed and what it is done to
_FORM = 40  # code points behind a deed in which the form's name can stand
_LANGUAGE = re.compile(
    r"\b(?:languages?|english|spanish|french|german|hindi|chinese|mandarin|japanese|italian"
    r"|portuguese|dutch|arabic|danish|swedish|norwegian|korean)\b"
)
_ADJACENT = re.compile(r"\s+(?:(?!and|or)[a-z]+\s+){0,2}")
_CONSENT = re.compile(r"\b(?:consents?|assents?|icf|permissions?|hipaa)\b")
_AHEAD = re.compile(r"[\s,]{0,3}(?:\([^()]{0,30}\)[\s-]?)?(?:(?!and|or)[\w-]+ ){0,2}(?:con|as)sent")
_CONSENT_NAME = re.compile(
    r"\b(?:informed )?(?:consent|assent)s?(?: forms?| documents?)?\b|\bicf\b"
)


def with_abilities(view: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """The mentions, deeds in place of what their words name."""
    lowered = lower_view(view)
    if not asks(lowered):
        return mentions
    deeds = _with_things(lowered, list(find_deeds(lowered, mentions)))
    deeds = [deed for deed in deeds if not _is_kept(lowered, deed)]
    found = [m for deed in deeds if not _of_consent(lowered, deed) for m in _found(lowered, deed)]
    consents = [deed for deed in deeds if _of_consent(lowered, deed)]
    grasped = [m for deed in consents for m in _grasped(lowered, deed)]
    places = [place for mention in found for place in mention.places]
    taken = mask(lowered, [*places, *grasped])
    kept = [m for m in mentions if m.label in GRAMMAR or not any(taken[m.start : m.end])]
    kept = [*_with_denied(lowered, consents, kept), *grasped]
    return tuple(sorted((*kept, *found), key=lambda m: (m.start, m.end)))


def _with_things(lowered: str, deeds: list[Deed]) -> list[Deed]:
    """ "Able to understand, and willing to follow the procedures": both do the same thing."""
    for place in range(len(deeds) - 2, -1, -1):
        deed, following = deeds[place], deeds[place + 1]
        between = lowered[deed.verbs[-1].end : following.verbs[0].start]
        far = following.thing and following.thing.end - deed.verbs[0].start > _FAR
        if deed.thing is None and not far and _LEADS_ON.fullmatch(between):
            deeds[place] = deed._replace(thing=following.thing)
    return deeds


_LEADS_ON = re.compile(r",? ?(?:and ?/ ?or|and|or|/)? ?(?:[\w-]+[ /]+){1,6}(?:to|of) ")


def _words_of(lowered: str, deed: Deed) -> str:
    return lowered[deed.verbs[0].start : (deed.thing or deed.verbs[-1]).end]


def _is_kept(lowered: str, deed: Deed) -> bool:
    """Whether the concept that the deed is about stands for it."""
    words = _words_of(lowered, deed)
    return any(word in words for word in listed("kept"))


def _of_consent(lowered: str, deed: Deed) -> bool:
    """Whether a deed is done to a consent form; brackets and commas may stand before its name."""
    if _CONSENT.search(_words_of(lowered, deed)):
        return True
    verb = lowered[deed.verbs[0].start : deed.verbs[0].end]
    signed = deed.thing is not None and verb in listed("consenting")
    return bool(signed and deed.thing and _AHEAD.match(lowered, deed.thing.end))


def _found(lowered: str, deed: Deed) -> Iterator[Mention]:
    """A deed for each verb; reading and speaking a language is one."""
    thing = deed.thing
    if thing is None:
        yield from (_mention(verb, deed) for verb in deed.verbs)
    elif _LANGUAGE.search(lowered, thing.start, thing.end) and thing.start > deed.verbs[0].start:
        yield _mention(Span(deed.verbs[0].start, thing.end), deed)
    else:
        for verb in deed.verbs:
            alone = lowered[verb.start : verb.end] in listed("intransitive")
            if _ADJACENT.fullmatch(lowered, verb.end, thing.start):
                yield _mention(Span(verb.start, thing.end), deed)
            else:
                yield _mention(verb, deed, None if alone else thing)


def _mention(place: Span, deed: Deed, shared: Span | None = None) -> Mention:
    source = UNLIKELY if deed.unlikely else PREFIX + ("unable" if deed.denied else "able")
    return Mention(
        "observation", place.start, place.end, source, _SCORE, shared=shared, denied=deed.denied
    )


def _grasped(lowered: str, deed: Deed) -> Iterator[Mention]:
    """ "Understand and sign the consent form": the form is to be understood, too."""
    thing = deed.thing
    named = thing and _CONSENT_NAME.search(lowered, thing.start, thing.end + _FORM)
    for verb in deed.verbs if named else ():
        if named and lowered[verb.start : verb.end] in listed("grasping"):
            yield _mention(verb, deed, Span(*named.span()))


def _with_denied(lowered: str, deeds: list[Deed], mentions: list[Mention]) -> list[Mention]:
    """The mentions, consents that the deeds deny marked so."""
    for deed in deeds:
        if deed.denied is not None:
            end = (deed.thing or deed.verbs[-1]).end + _FORM
            mentions = [
                m._replace(denied=deed.denied)
                if m.label == "consent" and m.start < end and deed.denied.start < m.end
                else m
                for m in mentions
            ]
    return mentions
