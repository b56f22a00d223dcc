"""The terminal tree."""

import io

from trialcriteria.export.json_out import Failure
from trialcriteria.export.tree import write_tree
from trialcriteria.schema import Criterion, Extraction, Span

EXPECTED = """\
NCT99000000  A <b>bold</b> study  PHASE1, ALL, 18 years to 60 years
├── Inclusion  Inclusion Criteria:
│   ├── i1 1. Age between 18 and 60 years;
│   │   └── demographic "Age" [18, 60] a
│   ├── i2 2. Creatinine clearance \\>= 50 mL/min; ALT <= 2 x ULN
│   │   └── ALL
│   │       ├── measurement "Creatinine clearance" >= 50 mL/min  LOINC 2164-2
│   │       └── measurement "ALT" <= 2 x ULN
│   └── i3 3. At least two of:  at least 2 of:
│       ├── i3.1 - no heart failure of NYHA class III or IV
│       │   └── NOT
│       │       └── condition "heart failure" (stage in {III, IV})
│       └── i3.2 - prednisone > 10 mg/day for at least 14 days within 2 weeks before infusion
│           └── drug "prednisone" dose > 10 mg/d for >= P14D [-P2W, P0D] infusion
├── Exclusion  Exclusion Criteria:  [cohort B]
│   ├── e4 4. Biologics within 30 days or 5 half-lives, whichever is longer, unless stable
│   │   └── EXCEPT
│   │       ├── of drug "Biologics" longer of ([-P30D, P0D] | [-5 half_life, P0D])
│   │       └── unless possible other "stable"
│   ├── e5 5. If diabetic, a father with HbA1c below 7 %
│   │   └── IF
│   │       ├── when condition "diabetic"
│   │       └── then ANY
│   │           ├── family: measurement "HbA1c" < 7 %
│   │           └── AT LEAST 1
│   │               └── measurement "ALT" <= 2 x ULN
│   └── e6 - <script>alert('x')</script> & <img src=x onerror=alert(1)>
│       └── unsupported "<script>alert('x')</script> & <img src=x onerror=alert(1)>": no <rule>
└── Warnings
    ├── numbering_gap (e6): no <6>
    └── note: about the whole
"""


def drawn(*items: object) -> str:
    out = io.StringIO()
    write_tree(items, out)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def test_the_whole_tree(extraction: Extraction) -> None:
    assert drawn(Failure(None, "x", "broken"), extraction) == EXPECTED


def test_very_deep_nesting_is_drawn_flat(extraction: Extraction) -> None:
    first = extraction.criteria[0]
    chain = tuple(
        Criterion(
            **{
                **first.model_dump(exclude={"requirement", "id", "parent", "text", "span"}),
                "id": f"i{n}",
                "parent": f"i{n - 1}" if n else None,
                "text": f"level {n}",
                "span": Span(n, n + 1),
            }
        )
        for n in range(2000)
    )
    lines = drawn(extraction.model_copy(update={"criteria": chain})).splitlines()
    assert sum("level" in line for line in lines) == 2000
    assert max(line.find("level") for line in lines) < 100
