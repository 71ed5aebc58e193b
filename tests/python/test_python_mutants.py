"""Changes of Python that `tests/mutants` makes, and the tests that they are tried against."""

import ast
from pathlib import Path

import pytest

from mutant import ROOT, Mutant
from python_changes import edits
from python_mutants import changed_modules, modules
from python_nodes import changed_texts
from python_same_by_meaning import SAME_BY_MEANING
from python_tests import all_modules, named

FOLDER = Path(__file__).parent


def _changes(source: str) -> list[str]:
    """List the sources that come of one change, without their empty lines."""
    return ["\n".join(filter(None, lines)) for lines in _changed_lines(source)]


def _changed_lines(source: str) -> list[list[str]]:
    lines = source.splitlines()
    return [
        [*lines[: edit.line - 1], *edit.after, *lines[edit.line - 1 + len(edit.before) :]]
        for edit in edits(source)
    ]


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("x = 'no heartbeat'", ["x = 'no XX'"]),
        ("x = b'PAR1'", ["x = b'XX1'"]),
        ("x = 24", ["x = 25"]),
        ("x = -1", ["x = -2"]),
        ("x = True", ["x = False"]),
        ("x = None", []),
        ("raise x", ["pass"]),
        ("show(x)", ["pass"]),
        ("x += y", ["pass"]),
    ],
)
def test_values_and_steps(line: str, changed: list[str]) -> None:
    assert _changes(line) == changed


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("x = a < b", {"x = (a <= b)"}),
        ("x = a not in b", {"x = (a in b)"}),
        ("x = a and b or c", {"x = ((a and b) and c)", "x = (a or b) or c"}),
        ("x = a and not b", {"x = (a or not b)", "x = a and b"}),
        ("x = a and not (b or c)", {"x = (a or not (b or c))", "x = a and (b or c)"}),
        ("x = a if b else c", {"x = a if (not b) else c"}),
        ("x = a if b == c else d", {"x = a if (b != c) else d"}),
        (
            "x = [a for a in b if a]",
            {"x = [a for a in b if (not a)]", "x = [a for a in b if True]"},
        ),
        ("x = a + b", {"x = (a - b)"}),
        ("x = a + 'kiosk'", {"x = a + 'XX'"}),
    ],
)
def test_conditions_and_operators(line: str, changed: set[str]) -> None:
    assert changed <= set(_changes(line))


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("x = min(a, b)", {"x = max(a, b)"}),
        ("x = visible(a)", {"x = a"}),
        ("x = sorted(a, key=b)", {"x = a"}),
        ("x = a.strip()", {"x = a"}),
        ("x = f'{a:,} {b!r}'", {"x = f'{a:,}{b!r}'", "x = f'{a} {b!r}'", "x = f'{a:,} {b}'"}),
        ("x = f'{visible(a)}'", {"x = f'{a}'"}),
        ("x = {a: b, c: d}", {"x = {c: d}", "x = {a: b}", "x = {a: d, c: b}"}),
        ("x = {a, b}", {"x = {b}", "x = {a}"}),
        ("x = a, b, c", {"x = b, c", "x = a, c", "x = a, b", "x = b, a, c", "x = a, c, b"}),
        ("return a, b", set()),
    ],
)
def test_calls_and_collections(line: str, changed: set[str]) -> None:
    assert set(_changes(line)) == changed


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("", ["XX"]),
        (", ", [""]),
        ("utf-8", ["XX-8"]),
        ("the device is up", ["the XX is up"]),
        (
            "one two three four fifth six",
            ["one two XX four fifth six", "one two three four XX six"],
        ),
    ],
)
def test_texts_lose_their_longest_words(text: str, changed: list[str]) -> None:
    assert changed_texts(text) == changed


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring."""',
        'def f(x: Literal["a"] | None) -> Literal["a"]: ...',
        'x: Literal["a"] | None',
        'Command = TypeVar("Command", bound=object)',
        '__all__ = ["a", "b"]',
        "if TYPE_CHECKING:\n    x = 1",
        "@dataclass(frozen=True)\nclass X:\n    a: int",
        '@overload\ndef f(x: int = 1) -> Literal["a"]: ...',
        "from a import b",
    ],
)
def test_what_says_nothing_to_users_stays(source: str) -> None:
    assert _changes(source) == []


def test_lines_keep_their_numbers() -> None:
    source = "x = (\n    'one'\n    'two'\n)\ny = 1"
    assert _changed_lines(source) == [
        ["x = (", "    'XX'", "", ")", "y = 1"],
        ["x = (", "    'one'", "    'two'", ")", "y = 2"],
    ]


def test_columns_count_characters() -> None:
    assert _changes("f('東京', 1)")[1:] == ["f('XX', 1)", "f('東京', 2)"]


@pytest.fixture(scope="module")
def made() -> list[Mutant]:
    return list(changed_modules())


@pytest.mark.slow
def test_mutants_can_be_compiled_and_differ(made: list[Mutant]) -> None:
    assert len(made) > 1000
    assert len(set(made)) == len(made)
    for mutant in made[::20]:
        ast.parse(mutant.apply((ROOT / mutant.path).read_text(encoding="utf-8")))


def test_every_module_has_tests_and_every_test_is_there() -> None:
    names = [path.removeprefix("python/fleetstatus/").removesuffix(".py") for path in modules()]
    assert sorted(all_modules()) == sorted(names)
    for name in names:
        assert named(name)
        for test in named(name):
            assert (ROOT / "tests" / "python" / f"test_{test}.py").is_file(), (name, test)


@pytest.mark.slow
def test_what_is_the_same_by_meaning_is_a_change_of_some_line(made: list[Mutant]) -> None:
    assert SAME_BY_MEANING.keys() <= {mutant.change() for mutant in made}
    assert all(SAME_BY_MEANING.values())


@pytest.mark.slow
def test_every_module_has_a_fast_test() -> None:
    fast = {path.stem.removeprefix("test_") for path in FOLDER.glob("test_*.py") if is_fast(path)}
    assert [name for name in all_modules() if not fast & {*named(name)}] == []


def is_fast(path: Path) -> bool:
    """Say whether a file has a test that `pytest -m "not slow"` runs."""
    statements = ast.parse(path.read_text(encoding="utf-8")).body
    marks = [text for text in map(ast.unparse, statements) if text.startswith("pytestmark = ")]
    if any("pytest.mark.slow" in text for text in marks):
        return False
    tests = [one for one in statements if isinstance(one, ast.FunctionDef)]
    return any(
        test.name.startswith("test_")
        and "pytest.mark.slow" not in map(ast.unparse, test.decorator_list)
        for test in tests
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def test_a(): pass", True),
        ("@pytest.mark.slow\ndef test_a(): pass", False),
        ("@pytest.mark.slow\ndef test_a(): pass\ndef test_b(): pass", True),
        ("pytestmark = pytest.mark.slow\ndef test_a(): pass", False),
        ("pytestmark = [pytest.mark.slow, other]\ndef test_a(): pass", False),
        ("def help(): pass", False),
    ],
)
def test_a_file_is_fast_if_one_of_its_tests_is(source: str, expected: bool, tmp_path: Path) -> None:
    path = tmp_path / "test_this.py"
    path.write_text(source, encoding="utf-8")
    assert is_fast(path) is expected
