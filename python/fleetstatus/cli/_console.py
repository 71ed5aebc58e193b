"""The terminal, or the file that output is redirected to."""

from rich.console import Console
from rich.style import Style


class PlainConsole(Console):
    """A console that takes text as it is, and lets the program see that its reader has gone."""

    def __init__(self) -> None:
        super().__init__(highlight=False, markup=False, emoji=False)

    def on_broken_pipe(self) -> None:
        """Raise the error that is being handled."""
        raise  # noqa: PLE0704

    @property
    def has_colour(self) -> bool:
        """Whether text may be coloured."""
        return self.color_system is not None and not self.no_color

    def painted(self, text: str, style: Style) -> str:
        """Colour a text for this console, without its layout, which takes long for many lines."""
        return style.render(text, color_system=self._color_system)
