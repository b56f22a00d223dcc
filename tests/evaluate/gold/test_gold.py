"""The gold notation compiles to the schema, refuses what it cannot place, and prints back."""

import hashlib
import re
from pathlib import Path

import pytest

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.gold import GoldExtraction, compile_gold, print_gold, read_gold
from trialcriteria.export.notation import node_line
from trialcriteria.schema import Posting, Source, Trial

DOCS = Path(__file__).parents[3] / "docs" / "gold.md"


def posting(text: str) -> Posting:
    digest = hashlib.sha256(text.encode()).hexdigest()
    source = Source(format="plain", name="p", sha256=digest)
    return Posting(trial=Trial(id="NCT1", source=source), text=text)


def head(text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"gold 1\nposting NCT1 plain p.txt\nsha256 {digest}\nannotator A\ndate 2026-11-22\n\n"


def compiled(text: str, body: str) -> GoldExtraction:
    return compile_gold(head(text) + body, posting(text), "p.gold")


def fact_of(words: str, line: str) -> str:
    """The one-line notation of a fact line about these words."""
    found = compiled(words, f'inclusion\ni1 "{words.split(maxsplit=1)[0]}"\n  {line}\n')
    assert found.criteria[0].requirement is not None
    return node_line(found.criteria[0].requirement)


def doc_block(kind: str) -> str:
    return DOCS.read_text(encoding="utf-8").split(f"```{kind}\n")[1].split("```")[0]


def test_the_documented_example_compiles() -> None:
    text = doc_block("text")
    source = doc_block("gold")
    found = compile_gold(source, posting(text), "example.gold")
    assert (found.annotator, found.date) == ("first", "2026-11-22")
    assert [(c.id, c.label, c.parent) for c in found.criteria] == [
        ("i1", "1.", None),
        ("i2", "2.", None),
        ("i2.1", "a)", "i2"),
        ("i2.2", "b)", "i2"),
        ("e1", "1.", None),
        ("e2", "2.", None),
        ("e3", "3.", None),
    ]
    assert [c.text for c in found.criteria[1:3]] == ["2. At least one of:", "a) ANC ≥ 1.0 x 109/L"]
    assert [s.heading for s in found.sections] == ["Inclusion Criteria:", "Exclusion Criteria:"]
    assert found.criteria[1].combine == "any"
    assert [(e.label, e.text) for e in found.criteria[5].entities] == [
        ("drug", "Prednisone"),
        ("dose", "> 10 mg/day"),
        ("window", "within 2 weeks prior to the infusion"),
        ("anchor", "infusion"),
    ]
    assert [(r.kind, r.head, r.tail) for r in found.criteria[5].relations] == [
        ("has_dose", "t1", "t2"),
        ("has_window", "t1", "t3"),
        ("has_anchor", "t3", "t4"),
    ]


FACTS = [
    ("ALT >= 50 mL/min", 'measurement "ALT" >= 50 mL/min', None),
    ("ALT ≥50mL/min", 'measurement "ALT" >= 50 mL/min', None),
    ("Age 18 up to 60", 'demographic "Age" [18, 60) a "18 up to 60"', 'demographic "Age" [18, 60) a'),
    ("CRP above ULN", 'measurement "CRP" > 1 x ULN "above ULN"', 'measurement "CRP" > 1 x ULN'),
    ("CRP 50 % of predicted", 'measurement "CRP" < 50 % predicted "50 % of predicted"', 'measurement "CRP" < 50 % predicted'),
    (
        "CAT >= 10 at screening",
        'measurement "CAT" >= 10 [P0D, P0D] screening "at screening" anchor "screening"',
        'measurement "CAT" >= 10 [P0D, P0D] screening',
    ),
    ("Suspected gout", 'possible "Suspected" condition "gout"', 'possible condition "gout"'),
    ("HIV positive", 'measurement "HIV" = positive', None),
    ("HIV not detected", 'measurement "HIV" in {not detected} "not detected"', 'measurement "HIV" = not detected'),
    ("ECOG 0 or 1", 'measurement "ECOG" in {0, 1} "0 or 1"', 'measurement "ECOG" in {0, 1}'),
    ("Liver normal", 'measurement "Liver" normal', None),
    ("Liver enlarged", 'measurement "Liver" "enlarged"', 'measurement "Liver" "enlarged"'),
    ("Titre of 3 dils", "measurement \"Titre\" >= 3 'dils' \"3 dils\"", 'measurement "Titre" >= 3 dils'),
    ("Albumin of 30 mg in 24 h", 'measurement "Albumin" >= 30 mg/(24.h) "30 mg in 24 h"', 'measurement "Albumin" >= 30 mg/(24.h)'),
    ("Drug A 5 mg", 'drug "Drug A" dose = 5 mg "5 mg"', 'drug "Drug A" dose = 5 mg'),
    ("Falls twice a year", 'condition "Falls" count >= 2 /a "twice a year"', 'condition "Falls" count >= 2 /a'),
    ("Pain for 3 months", 'condition "Pain" for >= P3M "for 3 months"', 'condition "Pain" for >= P3M'),
    ("Never smoked", 'absent "Never" observation "smoked"', 'absent observation "smoked"'),
    ("Family history of gout", 'family "Family history of": condition "gout"', 'family: condition "gout"'),
    ("Other things", 'other "things"', None),
    ("Adults only", 'demographic ~"age" >= 18 a "Adults"', 'demographic "age" >= 18 a'),
    (
        "Stroke within 2 weeks before surgery",
        'condition "Stroke" [-P2W, P0D] surgery "within 2 weeks before surgery" anchor "surgery"',
        'condition "Stroke" [-P2W, P0D] surgery',
    ),
    (
        "Contraception during the study and 90 days after the last dose",
        'observation "Contraception" [P0D @study, P90D] last_dose "during".."last dose" anchor "study" "last dose"',
        'observation "Contraception" [P0D @study, P90D] last_dose',
    ),
    (
        "Biologics 30 days or 5 half-lives ago",
        'drug "Biologics" longer of ([-P30D, P0D] now | [-5 half_life, P0D] now) "30 days or 5 half-lives ago"',
        'drug "Biologics" longer of ([-P30D, P0D] now | [-5 half_life, P0D] now)',
    ),
    (
        "Stable severe pain of grade 3 for 2 weeks",
        'condition "pain" (stability "Stable" for >= P2W "for 2 weeks"; severity >= 3 "grade 3"; other "severe")',
        'condition "pain" (stability "Stable" for >= P2W; severity >= 3; other "severe")',
    ),
    ("Hepatic or renal impairment", 'condition "Hepatic"+"impairment"', 'condition "Hepatic impairment"'),
]  # fmt: skip


@pytest.mark.parametrize(("words", "line", "wanted"), FACTS, ids=[line for _, line, _ in FACTS])
def test_fact_lines(words: str, line: str, wanted: str | None) -> None:
    assert fact_of(words, line) == (wanted or line)


LOGIC = """inclusion
i1 "A"
  EXCEPT "unless"
    of ANY
      condition "A"
      NOT
        condition "B"
    unless IF
      when drug "C"
      then AT LEAST 2
        drug "D"
        drug "E"
        UNSUPPORTED "F" no_concept
      otherwise ALL
        drug "G"
        drug "H"
"""


def test_logic_by_indentation() -> None:
    (criterion,) = compiled("A or no B unless C D E F G H", LOGIC).criteria
    assert criterion.requirement is not None
    assert node_line(criterion.requirement) == (
        'EXCEPT(of: ANY(condition "A"; NOT(condition "B")); unless: IF(when: drug "C"; '
        'then: AT LEAST 2(drug "D"; drug "E"; UNSUPPORTED "F"); '
        'otherwise: ALL(drug "G"; drug "H")))'
    )
    assert ("exception", "unless") in [(e.label, e.text) for e in criterion.entities]


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ('"ALT"', "ALTER the ALT or ALT", (10, 13)),
        ('"ALT"#2', "ALTER the ALT or ALT", (17, 20)),
        ('"ALT"#3', "ALTER the ALT or ALT", (0, 3)),
        ('"liver cancer"', "a liver\n  cancer", (2, 16)),
        ('"≤ 5"', "at ≤ 5 g", (3, 6)),
        ('"<= 5"', "at \\<= 5 g", (4, 8)),
        ('"10^9/L"', "of 10\\^9/L", (3, 10)),
        ('"first".."last"', "last first of all last", (5, 22)),
        ('"say \\"yes\\""', 'we say "yes" now', (3, 12)),
    ],
)
def test_quotes_are_placed(quote: str, text: str, found: tuple[int, int]) -> None:
    (criterion,) = compiled(
        text, f'inclusion\ni1 "{text.split(maxsplit=1)[0]}"\n  other {quote}\n'
    ).criteria
    assert [entity.spans for entity in criterion.entities] == [(found,)]


def test_words_of_the_lead_in_serve_its_items() -> None:
    text = "Within 2 weeks:\n- stroke\n- angina"
    body = (
        'exclusion\ne1 "Within 2 weeks" any\ne1.1 "stroke"\n'
        '  condition "stroke" [-P2W, P0D] now "Within 2 weeks"\ne1.2 "angina"\n'
    )
    found = compiled(text, body).criteria
    assert [c.text for c in found] == ["Within 2 weeks:", "- stroke", "- angina"]
    assert found[1].requirement is not None
    assert found[1].requirement.window.span == (0, 14)


def test_closing_words_end_a_criterion() -> None:
    found = compiled("1. Age 18. Some note.", 'inclusion\ni1 "1." "Age".."18."\n')
    assert [c.text for c in found.criteria] == ["1. Age 18."]


def test_mentions_that_are_no_requirement() -> None:
    body = (
        'exclusion\ne1 "Transplants"\n  procedure "Transplants"\n'
        '  also condition "liver" example_of "Transplants"\n  also device "pump"\n'
    )
    (criterion,) = compiled("Transplants such as liver, pump", body).criteria
    assert [(e.label, e.text) for e in criterion.entities] == [
        ("procedure", "Transplants"),
        ("condition", "liver"),
        ("device", "pump"),
    ]
    assert [(r.kind, r.head, r.tail) for r in criterion.relations] == [("example_of", "t2", "t1")]


REFUSED = [
    ('inclusion\ni1 "Nothing"\n', "p.gold:8: these words do not stand behind the line before"),
    ('inclusion\ni1 "Age"\n  drug "aspirin"\n', "p.gold:9: these words do not stand in the crit"),
    ('inclusion\ni1 "Age"\n  demographic "Age" >= 18 a\n', "p.gold:9: '>= 18 a' is not written so"),
    ('inclusion\ni1 "Age"\n  demographic "Age" [P0D, ..] now\n', "a window needs its words"),
    ('inclusion\ni1 "Age"\n  demographic "Age" (other)\n', "p.gold:9:"),
    ('inclusion\ni1 "Age"\n  illness "Age"\n', "p.gold:9:"),
    ('inclusion\ni1 "Age"\n  demographic "Age"\n  demographic "18"\n', "p.gold:10:"),
    ('inclusion\ni1 "Age"\n  also other "18" example_of "years"\n', "nothing above has exactly"),
    ('inclusion\ni1.1 "Age"\n', "i1.1 stands above its parent i1"),
    ('inclusion\ni1 "Age"\ni1 "years"\n', "i1 stands twice"),
    ('inclusion\ni1 "Age"\n    demographic "Age"\n  also other "18"\n', "p.gold"),
]


@pytest.mark.parametrize(("body", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_cannot_be_placed_is_refused(body: str, message: str) -> None:
    with pytest.raises(EvaluationError, match=re.escape(message)) as raised:
        compiled("Age at least 18 years", body)
    assert "\n" not in str(raised.value)


def test_another_text_is_refused() -> None:
    with pytest.raises(EvaluationError, match="not the one annotated"):
        compile_gold(head("one text"), posting("another text"), "p.gold")


def test_gold_prints_back_to_itself() -> None:
    source = doc_block("gold")
    found = compile_gold(source, posting(doc_block("text")), "example.gold")
    printed = print_gold(found, "corpus/example.txt", found.annotator, found.date)
    again = compile_gold(printed, posting(doc_block("text")), "printed.gold")
    assert again.sections == found.sections
    assert [c.requirement for c in again.criteria] == [c.requirement for c in found.criteria]
    assert [c.span for c in again.criteria] == [c.span for c in found.criteria]


def test_long_words_are_printed_by_their_ends() -> None:
    text = "Patients whom nobody would ever wish to see in any trial of this kind"
    body = f'inclusion\ni1 "Patients"\n  UNSUPPORTED "{text}" no_concept\n'
    printed = print_gold(compiled(text, body), "p.txt", "A", "2026-11-22")
    assert 'UNSUPPORTED "Patients whom nobody".."of this kind" no_concept' in printed


def test_a_gold_file_names_its_posting(tmp_path: Path) -> None:
    text = "Age 18 years"
    (tmp_path / "p.txt").write_text(text, encoding="utf-8")
    gold = tmp_path / "p.gold"
    gold.write_text(head(text).replace("NCT1", "-") + 'inclusion\ni1 "Age"\n', encoding="utf-8")
    assert [c.text for c in read_gold(gold, [tmp_path])[1].criteria] == [text]
    with pytest.raises(EvaluationError, match=r"p.txt lies under none of: .*; give --data"):
        read_gold(gold, [tmp_path / "elsewhere"])
