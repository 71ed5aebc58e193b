"""Objects that raise, lie, or change what is being read whenever their code runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from python_records import Fuzzer


class Mischief:
    fuzzer: Fuzzer

    def happen(self) -> None:
        if self.fuzzer.chance(15):
            self.fuzzer.mischief()


class HostileDict(dict[Any, Any], Mischief):
    def __init__(self, fuzzer: Fuzzer, items: dict[Any, Any]) -> None:
        super().__init__(items)
        self.fuzzer = fuzzer

    def __getitem__(self, key: Any) -> Any:
        self.happen()
        return super().__getitem__(key)

    def items(self) -> Any:
        self.happen()
        if self.fuzzer.chance(95):
            return super().items()
        return self.fuzzer.random.choice([[(1,)], [None], iter([("id", 1)]), 1])

    def __iter__(self) -> Iterator[Any]:
        self.happen()
        return super().__iter__()

    def __len__(self) -> int:
        self.happen()
        return super().__len__()


class HostileMapping(Mapping[Any, Any], Mischief):
    def __init__(self, fuzzer: Fuzzer, items: dict[Any, Any]) -> None:
        self.fuzzer = fuzzer
        self.content = items

    def __getitem__(self, key: Any) -> Any:
        self.happen()
        return self.content[key]

    def __iter__(self) -> Iterator[Any]:
        self.happen()
        return iter(list(self.content))

    def __len__(self) -> int:
        self.happen()
        return len(self.content)


class HostileList(list[Any], Mischief):
    def __init__(self, fuzzer: Fuzzer, items: list[Any]) -> None:
        super().__init__(items)
        self.fuzzer = fuzzer

    def __iter__(self) -> Iterator[Any]:
        self.happen()
        return super().__iter__()

    def __len__(self) -> int:
        self.happen()
        return super().__len__()


class HostileSequence(Sequence[Any], Mischief):
    def __init__(self, fuzzer: Fuzzer, items: list[Any]) -> None:
        self.fuzzer = fuzzer
        self.content = items

    def __getitem__(self, index: Any) -> Any:
        self.happen()
        return self.content[index]

    def __len__(self) -> int:
        self.happen()
        return len(self.content)


class Text(str):
    __slots__ = ()


class HostileKey(Mischief):
    """A key that is equal to others and says so in its own way."""

    def __init__(self, fuzzer: Fuzzer, text: str) -> None:
        self.fuzzer = fuzzer
        self.text = text

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __str__(self) -> str:
        self.happen()
        return self.text


class HostileNumber(int, Mischief):
    def __new__(cls, fuzzer: Fuzzer) -> Self:
        made = super().__new__(cls, 7)
        made.fuzzer = fuzzer
        return made

    def __index__(self) -> int:
        self.happen()
        return 7

    def __str__(self) -> str:
        self.happen()
        return "7"


class Anything(Mischief):
    """Has whatever attribute it is asked for."""

    def __init__(self, fuzzer: Fuzzer) -> None:
        self.fuzzer = fuzzer

    @property  # type: ignore[misc] # it lies about its class
    def __class__(self) -> Any:
        self.happen()
        return self.fuzzer.random.choice([Anything, dict, list, str, int])

    def __getattr__(self, name: str) -> Any:
        if name == "fuzzer":
            raise AttributeError(name)
        self.happen()
        return 1

    def __hash__(self) -> int:
        self.happen()
        return 1

    def __eq__(self, other: object) -> bool:
        self.happen()
        return True
