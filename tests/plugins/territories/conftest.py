"""What the tests of territories share: a world with the plugin, and the official files in small."""

import json
from pathlib import Path
from typing import Any

import pytest

COMMUNES = [
    {"code": "18033", "nom": "Bourges", "departement": "18", "region": "24", "type": "commune-actuelle"},
    {"code": "18279", "nom": "Vierzon", "departement": "18", "region": "24", "type": "commune-actuelle"},
    {"code": "45234", "nom": "Orléans", "departement": "45", "region": "24", "type": "commune-actuelle",
     "population": 1},
    {"code": "18001", "nom": "Bourges-Centre", "departement": "18", "type": "commune-deleguee", "chefLieu": "18033"},
]  # fmt: skip
FILES: dict[str, list[dict[str, Any]]] = {
    "communes": COMMUNES,
    "departements": [{"code": "18", "nom": "Cher", "region": "24"}, {"code": "45", "nom": "Loiret", "region": "24"}],
    "regions": [{"code": "24", "nom": "Centre-Val de Loire"}],
    "epci": [
        {"code": "200000001", "nom": "CC Across", "membres": [{"code": "18279"}, {"code": "45234"}, {"code": "58059"}]}
    ],
}  # fmt: skip


@pytest.fixture
def plugins() -> dict[str, Any]:
    return {"plugins": ["territories"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The official files, in small: three communes, two departments, a region, an EPCI across borders."""
    for name, entries in FILES.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(entries))
    return tmp_path
