import pytest

from changes import changes_of_line, changes_of_list, enumerations
from mutant import Mutant, all_mutants, changed_sources, chosen
from same_by_meaning import SAME_BY_MEANING

ENUMS = enumerations(
    ["enum class HeartbeatState : std::uint8_t { online, timeout };", "enum class Reason { a, b };"]
)


def _changes(line: str, *kinds: str) -> list[str]:
    return list(changes_of_line(line, {"logic", *kinds}, ENUMS))


def _made(n: int) -> list[Mutant]:
    return [Mutant("a.hpp", line, ("x",), ("y",)) for line in range(n)]


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("if (a && !b) return 1;", ["if (a || !b) return 1;", "if (a && b) return 1;"]),
        ("x = a & ~mask;", ["x = a | ~mask;", "x = a & mask;"]),
        ("return n >= 24;", ["return n > 24;"]),
        ("return std::max(a, b);", ["return std::min(a, b);"]),
        ("{is(fact::on), is_not(fact::off)}", None),
    ],
)
def test_logic_is_turned_round(line: str, changed: list[str] | None) -> None:
    conditions = [
        "{is_not(fact::on), is_not(fact::off)}",
        "{is(fact::on), is(fact::off)}",
        "{is_not(fact::off)}",
    ]
    assert _changes(line) == (changed or conditions)


def test_numbers_grow_and_bits_move() -> None:
    assert _changes("constexpr hours longest{24};", "numbers") == ["constexpr hours longest{25};"]
    assert _changes("return 1U << 12U;", "numbers") == ["return 1U >> 12U;", "return 1U << 13U;"]
    assert _changes("Milliseconds{600'000}", "numbers") == ["Milliseconds{600001}"]


def test_enumerators_become_their_neighbours() -> None:
    assert _changes("return Reason::a;", "Reason") == ["return Reason::b;"]
    assert _changes("heartbeat_is({timeout})", "HeartbeatState") == ["heartbeat_is({online})"]
    assert _changes("return Reason::a;") == []


@pytest.mark.parametrize(
    "line",
    [
        "#include <a && b>",
        "// a && b",
        "f(x);  // a && b",
        'f("a && b");',
        "static_assert(a && b);",
        "template <class T, int n = 1>",
        "std::array<int, 3> all;",
        "for (int i = 0; i < n; ++i) f(i);",
    ],
)
def test_what_is_no_rule_stays(line: str) -> None:
    assert _changes(line, "numbers") == []


def test_an_entry_goes_or_changes_places_with_the_next() -> None:
    one, other = '    Rule{Reason::a, "A", &a},', '    Rule{Reason::b, "B", &b},'
    assert list(changes_of_list(one, other)) == [("", other), (other, one)]
    assert list(changes_of_list(one, "};")) == [("", "};")]
    assert list(changes_of_list("};", one)) == []


def test_a_mutant_changes_its_lines_alone() -> None:
    mutant = Mutant("a.hpp", 2, ("two", "three"), ("", "three"))
    assert mutant.apply("one\ntwo\nthree\nfour\n") == "one\n\nthree\nfour\n"


def test_a_seed_chooses_the_same_ones_wherever_they_stand() -> None:
    picked = chosen(_made(100), 5, "a commit")
    assert len(picked) == 5
    assert chosen(_made(100)[::-1], 5, "a commit") == picked[::-1]
    assert chosen(_made(100), 5, "another commit") != picked


def test_all_sources_have_mutants_that_differ() -> None:
    mutants = all_mutants()
    assert len(mutants) > 300
    assert len(set(mutants)) == len(mutants)
    assert all(mutant.before != mutant.after for mutant in mutants)


def test_what_is_the_same_by_meaning_is_a_change_of_some_line() -> None:
    changes = {mutant.change() for mutant in changed_sources()}
    assert SAME_BY_MEANING.keys() <= changes
    assert all(SAME_BY_MEANING.values())
