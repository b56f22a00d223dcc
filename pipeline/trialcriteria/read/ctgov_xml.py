"""ClinicalTrials.gov legacy ``clinical_study`` XML.

Entities are never expanded, nothing is fetched, and a document that declares entities is
refused. The eligibility text is the criteria's text block exactly as it stands, hard line
wraps, indentation and carriage returns (``&#xD;``) included.
"""

import re
from collections.abc import Iterator

from lxml import etree

from trialcriteria.errors import ReadError
from trialcriteria.read.base import FormatInfo, Raw, Record, certify, make_posting
from trialcriteria.read.fields import clean, distinct, iso_age, sex_of, yes_no
from trialcriteria.schema import Trial

INFO = FormatInfo("ctgov_xml", "ClinicalTrials.gov legacy clinical_study XML", ".xml")

_XML = re.compile(r"\s*<(?:\?xml\b|!DOCTYPE\s+(?!html\b)|clinical_study\b)", re.IGNORECASE)
_DECLARES_ENTITIES = re.compile(r"<!ENTITY\b", re.IGNORECASE)


def matches(raw: Raw) -> bool:
    """Whether the input opens as an XML document that is no HTML page."""
    head = raw.text[:4096]
    return not raw.is_html and (_XML.match(head) is not None or "<clinical_study" in head)


def read(raw: Raw) -> Iterator[Record]:
    """The one study; raises ReadError where the XML is broken, unsafe or something else."""
    root = _parse(raw.text)
    if root.tag != "clinical_study":
        raise ReadError(f"XML, but not a clinical_study (its root is {str(root.tag)[:60]})")
    trial_id = _line(root, "id_info/nct_id")
    if trial_id is None:
        raise ReadError("a clinical_study without id_info/nct_id")
    block = root.find("eligibility/criteria/textblock")
    text = "" if block is None else "".join(map(str, block.itertext()))
    trial = Trial(
        id=trial_id,
        registry="ClinicalTrials.gov",
        title=_line(root, "brief_title") or _line(root, "official_title"),
        conditions=_lines(root, "condition"),
        interventions=_lines(root, "intervention/intervention_name"),
        phase=_line(root, "phase"),
        status=_line(root, "overall_status"),
        sex=sex_of(_line(root, "eligibility/gender")),
        minimum_age=iso_age(_line(root, "eligibility/minimum_age")),
        maximum_age=iso_age(_line(root, "eligibility/maximum_age")),
        healthy_volunteers=yes_no(_line(root, "eligibility/healthy_volunteers")),
        source=certify(INFO, raw.name, text),
    )
    yield make_posting(trial, text)


def _parse(text: str) -> etree._Element:
    if _DECLARES_ENTITIES.search(text):
        raise ReadError("XML that declares entities is refused")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.lstrip().encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise ReadError(f"broken XML: {clean(error.msg)}") from error


def _line(root: etree._Element, path: str) -> str | None:
    return clean(root.findtext(path))


def _lines(root: etree._Element, path: str) -> tuple[str, ...]:
    return distinct(clean(element.text) for element in root.iterfind(path))
