"""Hostile and absurd input: one clear line or a result, in bounded time and memory."""

import pytest

from trialcriteria.read.base import MAX_TEXT

LONG = MAX_TEXT - 1_000
STUDY = '{"protocolSection": {"identificationModule": {"nctId": "NCT9'
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><clinical_study>&c;</clinical_study>'
)
NO_ELIGIBILITY = "<html><body><h1>A page</h1><p>About something else.</p></body></html>"

REFUSED = {
    "empty": ("input.txt", b"", "input.txt: is empty"),
    "binary": (
        "input.bin",
        bytes(range(256)) * 40,
        "input.bin: is not text (neither UTF-8 nor cp1252)",
    ),
    "program": ("a.out", b"\x7fELF\x02\x01\x01" + bytes(200), "a.out: is not text"),
    "truncated JSON": ("study.json", STUDY, "study.json: broken JSON at line 1, column "),
    "entity bomb": ("bomb.xml", BOMB, "bomb.xml: XML that declares entities is refused"),
    "HTML without eligibility": (
        "page.html",
        NO_ELIGIBILITY,
        "page.html: HTML page without an eligibility part",
    ),
    "900,000 characters": (
        "long.txt",
        b"renal " * 150_000,
        "long.txt: eligibility text of 900,000 characters, over the limit of 200,000",
    ),
    "50 MB of one line": (
        "long.txt",
        b"criteria " * 5_600_000,
        "long.txt: eligibility text of 50,400,000 characters, over the limit of ",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_one_line(case, program):
    name, data, message = REFUSED[case]
    done = program(data, name)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"trialcriteria: error: {message}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("case", ["entity bomb", "900,000 characters", "50 MB of one line"])
def test_refused_in_little_memory(case, run_on):
    name, data, message = REFUSED[case]
    outcome = run_on(data, name)
    assert outcome.error is not None
    assert outcome.error.startswith(message)


def long_line(words: str) -> str:
    return (words * (LONG // len(words) + 1))[:LONG].rstrip()


ONE_LINE = {
    "criterion-like words": "Patients with renal impairment who had rituximab within 6 months ",
    "numbers": "ANC 1.5 ALT 2.5 x ULN 18 75 60 3 ",
    "ages": "age 18 to 75 years ",
    "units": "mg/kg/day/",
    "comparators": "ALT >= <= > < \u2265 \u2264 ",
    "parentheses": "disease (such as lupus) and (ALT) or ",
    "definitions": "acute lung disease (ALD) ",
    "opening parentheses": "disease ((((",
    "semicolons": "history of cancer; ALT > 2 x ULN; ",
    "stray semicolons": "gout ; ; ; ",
    "commas": "heart, lung, kidney, liver, ",
    "quotes": '"disease" \'s "x ',
    "coordination": "ALT and AST or ALP and ",
    "cues": "except if unless not or ",
    "examples": "such as e.g. for example including but not limited to ",
    "headings": "Inclusion Criteria: Exclusion Criteria: ",
    "lead-ins": "any of the following: ",
    "list letters": "(a) disease ",
    "markdown": "**a\\",
    "tags": "<a><br>",
    "combining accents": "a\u0301\u0301\u0301",
    "Chinese": "\u5e74\u9f84\u572818\u81f375\u5c81\u4e4b\u95f4\uff1b",
}


@pytest.mark.parametrize("case", ONE_LINE)
def test_one_line_as_long_as_may_be(case, run_on):
    outcome = run_on(long_line(ONE_LINE[case]))
    assert outcome.error is None
    assert outcome.criteria > 0 or outcome.sections > 0


def nested(depth: int) -> str:
    """A list each item of which stands one column deeper than the one above, to 8 columns."""
    lines = (" " * min(at, 8) + f"- One {at}:" for at in range(depth))
    return "Inclusion Criteria:\n" + "\n".join(lines)


ITEMS = {
    "nested bullets": (nested(10_000), 10_000),
    "zigzag bullets": (
        "Inclusion Criteria:\n"
        + "\n".join(" " * (at % 8) + f"- Gout {at}" for at in range(10_000)),
        10_000,
    ),
    "nested numbers": (
        "Inclusion Criteria:\n"
        + "\n".join(".".join(["1"] * (at % 5 + 1)) + ". Gout" for at in range(10_000)),
        10_000,
    ),
    "flat bullets": (
        "Inclusion Criteria:\n" + "\n".join(f"- Gout {at}" for at in range(10_000)),
        10_000,
    ),
    "flat numbers": (
        "Exclusion Criteria:\n" + "\n".join(f"{at}. Pregnant" for at in range(1, 10_001)),
        10_000,
    ),
    "nested parentheses": (
        "Inclusion Criteria:\n- Gout " + "(" * 20_000 + "asthma" + ")" * 20_000,
        1,
    ),
    "nested exceptions": (
        "Inclusion Criteria:\n- Gout " + "(no asthma except " * 5_000 + "x" + ")" * 5_000,
        1,
    ),
    "thousands of cues": (
        "Inclusion Criteria:\n- Gout " + "except if unless not or " * 5_000,
        1,
    ),
    "cues around conditions": (
        "Inclusion Criteria:\n- "
        + "no gout except asthma unless stable or not obesity if " * 2_000,
        1,
    ),
}


@pytest.mark.parametrize("case", ITEMS)
def test_thousands_of_items(case, run_on):
    text, criteria = ITEMS[case]
    outcome = run_on(text)
    assert (outcome.error, outcome.criteria) == (None, criteria)


@pytest.mark.parametrize("case", ["nested bullets", "thousands of cues"])
def test_the_program_takes_it_too(case, program):
    done = program(ITEMS[case][0])
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
