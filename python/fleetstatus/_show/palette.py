"""Colours of statuses, update statuses and attention classes, the same wherever they are shown.

Labels and their order carry the meaning; colours help. In the order of every vocabulary light and
dark alternate, so that neighbours differ in black and white and for colour-blind people too.
"""

_GREEN = "#009e73"
_YELLOW = "#f0e442"
_ORANGE = "#e69f00"
_RED = "#ad2a12"
_SKY = "#6cc1f0"
_BLUE = "#0072b2"
_PINK = "#cc79a7"
_MAGENTA = "#c653a8"
_PURPLE = "#5b3a8c"
_LAVENDER = "#d6c8f0"
_TAN = "#d9a777"
_ICE = "#b5d0dc"
_LIGHT_GREY = "#c4c4c4"
_GREY = "#7d7d7d"
_DARK_GREY = "#555555"

COLOURS = {
    # Statuses
    "operational": _GREEN,
    "online": _GREEN,
    "idle": _GREEN,
    "reduced functionality": _ORANGE,
    "reduced-functionality": _ORANGE,
    "online (vpn only)": _YELLOW,
    "online (heartbeat only)": _ORANGE,
    "disconnected": _RED,
    "offline": _RED,
    "configuring": _SKY,
    "updating": _BLUE,
    "post provisioning": _PINK,
    "post-provisioning": _PINK,
    "inactive": _DARK_GREY,
    "frozen": _ICE,
    "ordered": _LAVENDER,
    "preparing": _PURPLE,
    "shipped": _TAN,
    # Update statuses
    "done": _GREEN,
    "downloading": _SKY,
    "downloaded": _BLUE,
    "applying changes": _PINK,
    "rejected": _RED,
    "aborted": _LIGHT_GREY,
    # Attention classes; disconnected and frozen are above
    "unreadable": _LAVENDER,
    "update-failed": _MAGENTA,
    "reduced": _ORANGE,
    "update-stuck": _PURPLE,
    "never-connected": _PINK,
}
NO_COLOUR = _GREY


def colour_of(label: str | None) -> str:
    """Colour of a label, whatever the scheme; grey for null and for what has none."""
    return COLOURS.get((label or "").casefold(), NO_COLOUR)


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on a colour."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 100 else "#ffffff"
