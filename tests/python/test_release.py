"""What a release promises: its version, its classifiers, and who may publish it."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from check_version import problem, version

ROOT = Path(__file__).parents[2]
WORKFLOWS = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
}
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
WHEELS = SETTINGS["tool"]["cibuildwheel"]
PYTHON = "Programming Language :: Python :: "
DATED = "# Changelog\n\n## [1.2.0] - 2026-11-27\n\n## [1.1.0] - 2026-01-01\n"


@pytest.mark.parametrize(
    ("changelog", "tag", "said"),
    [
        (DATED, "v1.2.0", None),
        (DATED, None, None),
        (DATED, "1.2.0", "the tag is 1.2.0, but pyproject.toml has the version 1.2.0"),
        (DATED, "v1.1.0", "the tag is v1.1.0, but pyproject.toml has the version 1.2.0"),
        ("## [Unreleased]\n" + DATED, None, "begins with the section Unreleased, not with 1.2.0"),
        ("", None, "begins with the section none, not with 1.2.0"),
        ("## [1.2.0]\n", None, r"no date for 1.2.0: write ## \[1.2.0\] - YYYY-MM-DD"),
        ("## [1.2.0] - 2026-13-27\n", None, "no date for 1.2.0"),
        ("## [1.2.0] - soon\n", None, "no date for 1.2.0"),
    ],
)
def test_a_tag_is_the_version_and_the_changelog_has_its_date(
    changelog: str, tag: str | None, said: str | None
) -> None:
    found = problem("1.2.0", changelog, tag)
    assert found is said is None or re.search(said or "^$", found or "")


def test_the_version_is_in_the_changelog() -> None:
    assert problem(version(), (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")) is None


def test_actions_are_pinned_to_commits() -> None:
    used = [
        action
        for text in WORKFLOWS.values()
        for action in re.findall(r"uses: (\S+)", text)
        if not action.startswith("./.github/")
    ]
    assert len(used) > 5
    assert [action for action in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)] == []


def test_only_the_jobs_that_publish_have_rights() -> None:
    rights = {name: re.findall(r"([\w-]+): write\b", text) for name, text in WORKFLOWS.items()}
    given = {name: right for name, right in rights.items() if right}
    assert given == {"publish": ["id-token"], "site": ["contents"]}
    assert "pull_request" not in WORKFLOWS["site"]
    _, _, job = WORKFLOWS["publish"].partition("\n  publish:\n")
    assert "id-token: write" in job
    assert "name: pypi" in job
    assert "needs: wheels" in job
    assert "checkout" not in job
    assert all("secrets" not in text for text in WORKFLOWS.values())


def test_classifiers_name_the_systems_whose_wheels_are_tried() -> None:
    [machines] = re.findall(r"machine: \[(.+)\]", WORKFLOWS["wheels"])
    systems = {"ubuntu": "POSIX :: Linux", "macos": "MacOS", "windows": "Microsoft :: Windows"}
    tried = {systems[machine.split("-")[0]] for machine in machines.split(", ")}
    prefix = "Operating System :: "
    named = [text for text in PROJECT["classifiers"] if text.startswith(prefix)]
    assert {text.removeprefix(prefix) for text in named} == tried


def test_wheels_are_for_the_pythons_that_classifiers_name() -> None:
    versions = [f"3.{minor}" for minor in range(9, 20)]
    wheels = {text: f"cp{text.replace('.', '')}-manylinux_x86_64" for text in versions}
    built = [text for text, wheel in wheels.items() if fnmatch(wheel, WHEELS["build"])]
    assert built == [text for text in versions if f"{PYTHON}{text}" in PROJECT["classifiers"]]
    assert PROJECT["requires-python"] == f">={built[0]}"
    assert not fnmatch("cp314t-manylinux_x86_64", WHEELS["build"])


def test_what_tries_a_wheel_imports_only_what_is_installed_there() -> None:
    tests = ROOT / "tests" / "python"
    installed = {re.split("[>=]", text)[0] for text in WHEELS["test-requires"]}
    known = {"fleetstatus", *installed, *sys.stdlib_module_names}
    names = re.findall(r"tests/python/(\w+)\.py", " ".join(WHEELS["test-command"]))
    seen: set[str] = set()
    names.append("conftest")
    while names:
        name = names.pop()
        if name not in seen | known:
            seen.add(name)
            assert (tests / f"{name}.py").exists(), f"{name} is not installed"
            names.extend(imported(tests / f"{name}.py"))
    assert {"oracle", "shared_cases", "conftest"} <= seen


def imported(path: Path) -> list[str]:
    """Modules that a file imports as soon as it is."""
    found: list[str] = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found.extend(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found.append(node.module.partition(".")[0])
    return found


def test_links_are_those_of_one_repository() -> None:
    urls = PROJECT["urls"]
    assert {"Homepage", "Documentation", "Source", "Issues", "Changelog"} <= urls.keys()
    assert urls["Issues"] == f"{urls['Source']}/issues"
    for name in ("SECURITY.md", "ISSUE_TEMPLATE/config.yml"):
        assert urls["Source"] in (ROOT / ".github" / name).read_text(encoding="utf-8")
