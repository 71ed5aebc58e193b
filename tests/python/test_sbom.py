"""The wheel's bill of materials names what is built in; only an installed package has one."""

from __future__ import annotations

import importlib.metadata
import json
from typing import Any

import pytest

import fleetstatus as fs


def installed_sbom() -> Any:
    try:
        files = importlib.metadata.files("fleetstatus") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.match("*.dist-info/sboms/fleetstatus.cdx.json"):
            return json.loads(file.read_text(encoding="utf-8"))
    return pytest.skip("not installed, only built")


def test_versions_are_those_that_were_compiled() -> None:
    sbom, built = installed_sbom(), fs.build_info()
    assert sbom["metadata"]["component"]["version"] == fs.__version__
    assert {part["name"]: part["version"] for part in sbom["components"]} == {
        "nlohmann-json": built["nlohmann_json"],
        "pybind11": built["pybind11"],
    }


def test_every_part_can_be_looked_up_and_has_a_license() -> None:
    sbom = installed_sbom()
    for part in [sbom["metadata"]["component"], *sbom["components"]]:
        assert part["purl"].startswith("pkg:")
        assert part["purl"].endswith(part["version"])
        assert part["licenses"][0]["license"]["id"]


def test_the_package_depends_on_every_part() -> None:
    sbom = installed_sbom()
    [depends] = sbom["dependencies"]
    assert depends["ref"] == sbom["metadata"]["component"]["bom-ref"]
    assert depends["dependsOn"] == [part["bom-ref"] for part in sbom["components"]]
