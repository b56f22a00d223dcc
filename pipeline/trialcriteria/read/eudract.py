"""What the text export and the JSON of the EU Clinical Trials Register share."""

from trialcriteria.read.fields import clean

REGISTRY = "EU CTR"

_COUNTRY_CODES = {
    "austria": "AT", "belgium": "BE", "bulgaria": "BG", "croatia": "HR", "cyprus": "CY",
    "czech republic": "CZ", "czechia": "CZ", "denmark": "DK", "estonia": "EE", "finland": "FI",
    "france": "FR", "germany": "DE", "greece": "GR", "hungary": "HU", "iceland": "IS",
    "ireland": "IE", "italy": "IT", "latvia": "LV", "liechtenstein": "LI", "lithuania": "LT",
    "luxembourg": "LU", "malta": "MT", "netherlands": "NL", "norway": "NO", "poland": "PL",
    "portugal": "PT", "romania": "RO", "slovakia": "SK", "slovenia": "SI", "spain": "ES",
    "sweden": "SE", "uk": "GB", "united kingdom": "GB", "outside eu/eea": "3RD",
}  # fmt: skip

PHASES = (
    ("E.7.1", "Human pharmacology (Phase I)"),
    ("E.7.2", "Therapeutic exploratory (Phase II)"),
    ("E.7.3", "Therapeutic confirmatory (Phase III)"),
    ("E.7.4", "Therapeutic use (Phase IV)"),
)
"""Item of the form and its words, each of which a record answers with yes or no."""


def country_code(authority: str | None) -> str | None:
    """The register's country suffix for "Spain - AEMPS"; None where the country is not known."""
    country = (authority or "").split(" - ")[0]
    return _COUNTRY_CODES.get(country.strip().lower())


def record_id(number: str | None, country: str | None) -> str | None:
    """EudraCT number with the country suffix of the record ("2019-002663-10-ES")."""
    number = clean(number)
    return f"{number}-{country}" if number and country else number
