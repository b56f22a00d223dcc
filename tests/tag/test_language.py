"""Texts that are not English are named as such; short or coded English texts are not."""

import pytest

from trialcriteria.tag.language import foreign_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Los pacientes deben ser mayores de edad y firmar el consentimiento para el estudio", "Spanish"),
        ("Die Patienten müssen volljährig sein und dürfen nicht an einer Studie teilnehmen", "German"),
        ("Les patients doivent être majeurs et ne pas avoir reçu de chimiothérapie dans les mois", "French"),
        ("年龄在18岁至70岁之间，自愿签署知情同意书", "a non-Latin script"),
        ("Пациенты старше восемнадцати лет", "a non-Latin script"),
        ("Patients with a history of stroke or of surgery within the last 6 months", None),
        ("ALT, AST ≤ 2.5 x ULN; de novo AML; per os", None),
        ("", None),
    ],
)  # fmt: skip
def test_language(text: str, language: str | None) -> None:
    assert foreign_language(text) == language
