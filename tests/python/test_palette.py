"""Colours of neighbours differ in brightness, and to eyes that lack one kind of cone."""

from __future__ import annotations

import ast
from itertools import combinations, pairwise
from pathlib import Path

import pytest

import fleetstatus as fs
from fleetstatus._show.palette import COLOURS, NO_COLOUR, colour_of, ink_on

Triple = tuple[float, float, float]

VOCABULARIES: dict[str, tuple[str, ...]] = {scheme: scheme.labels for scheme in fs.StatusScheme}
VOCABULARIES |= {"update status": tuple(fs.UpdateStatus), "attention": tuple(fs.Attention)}

# Linear RGB as seen with one kind of cone missing: Machado, Oliveira and Fernandes, 2009.
EYES: dict[str, tuple[Triple, Triple, Triple]] = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.9505, 1.0, 1.089)


def multiply(matrix: tuple[Triple, Triple, Triple], vector: Triple) -> Triple:
    one, two, three = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return one, two, three


def linear(colour: str) -> Triple:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """Contrast of the Web Content Accessibility Guidelines, from 1 to 21."""
    dark, light = sorted(multiply(TO_XYZ, linear(colour))[1] for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(colour: str, eyes: str) -> Triple:
    red, green, blue = (min(max(part, 0), 1) for part in multiply(EYES[eyes], linear(colour)))
    ratios = zip(multiply(TO_XYZ, (red, green, blue)), WHITE, strict=True)
    x, y, z = (
        ratio ** (1 / 3) if ratio > 216 / 24389 else ratio * 841 / 108 + 4 / 29
        for ratio in (part / white for part, white in ratios)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one: str, other: str, eyes: str) -> float:
    """Distance in CIELAB; 2.3 can just be noticed."""
    pairs = zip(lab(one, eyes), lab(other, eyes), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5  # type: ignore[no-any-return]


def colours(vocabulary: str) -> list[str]:
    return [colour_of(label) for label in VOCABULARIES[vocabulary]] + [colour_of(None)]


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_every_label_has_a_colour_of_its_own(vocabulary: str) -> None:
    assert len(set(colours(vocabulary))) == len(VOCABULARIES[vocabulary]) + 1


def test_no_colour_is_for_a_label_that_does_not_exist() -> None:
    labels = {label.casefold() for labels in VOCABULARIES.values() for label in labels}
    assert set(COLOURS) == labels


def test_the_measures_are_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert difference("#000000", "#ffffff", "all cones") == pytest.approx(100, abs=0.1)
    red_and_green = difference("#d0021b", "#617700", "all cones")
    assert difference("#d0021b", "#617700", "deuteranopia") < red_and_green / 2


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_neighbours_differ_in_black_and_white(vocabulary: str) -> None:
    for one, other in pairwise(colours(vocabulary)):
        assert contrast(one, other) >= 1.5, (one, other)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_neighbours_differ_to_colour_blind_people(vocabulary: str, eyes: str) -> None:
    for one, other in pairwise(colours(vocabulary)):
        assert difference(one, other, eyes) >= 15, (one, other)
    for one, other in combinations(colours(vocabulary), 2):
        assert difference(one, other, eyes) >= 5, (one, other)


@pytest.mark.parametrize("colour", sorted({*COLOURS.values(), NO_COLOUR}))
def test_numbers_on_a_colour_can_be_read(colour: str) -> None:
    assert contrast(colour, ink_on(colour)) >= 4


def test_colours_have_one_home() -> None:
    package = Path(fs.__file__).parent
    written = {
        source.name
        for source in package.rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in {*COLOURS.values(), NO_COLOUR}
    }
    assert written == {"palette.py"}
