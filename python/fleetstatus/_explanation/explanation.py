"""An explanation of one device, as text, Markdown, HTML and for JSON: its parts are the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

from fleetstatus._device import capability_names
from fleetstatus._explanation.advice import UPDATE_CLASSES
from fleetstatus._show import html
from fleetstatus._show.display import newest_event_text
from fleetstatus._show.lines import terminal_width
from fleetstatus._words.text import in_words, markdown, moment, visible, wrapped

if TYPE_CHECKING:
    from fleetstatus.enums import Attention, Capability, Reason, StatusScheme, UpdateStatus

_INDENT = 2
_TITLE_WIDTH = 17
_LEAST_WIDTH = 20

_FOLD = "How this was decided"
_FOLDED = {"decided by", "ruled out", "not in the data"}

Parts = list[tuple[str, list[str]]]


@dataclass(frozen=True, kw_only=True, repr=False)
class Explanation:
    """Why a device needs attention or does not, and why it has its status.

    Attributes
    ----------
    device, uuid, fleet
        The best name that the device has; its uuid and its fleet.
    scheme, now, newest_event
        Vocabulary of the status; moment that durations end at; latest time in the data.
    old_snapshot
        A warning if the newest event of the table is more than an hour before its moment, else
        None. It is None for a single record, which may have had no event for a long time.
    attention
        Why the device needs a person; None if it does not.
    message, first_step
        What is wrong, and what to do first: from the class of attention if there is one, else from
        the reason. ``first_step`` is None if there is nothing to do.
    status, detail, reason
        The answer; None if it depends on a field that could not be read, or on a missing link.
    source
        Where the rule that matched is documented.
    error
        What could not be read; None if the whole record could.
    api_overall_status, api_note
        The API's own answer, and a note that says what the rules give. None if the two are the
        same, or if the record has no such answer.
    causes
        Other facts in the data that may explain the behaviour of the device, one sentence each.
    because
        The fields that decided, each with its value or its meaning.
    ruled_out
        Each rule before the one that matched, and why it did not match.
    status_since, status_duration
        Since when the device has its status, and for how long; None if that is not known.
    update_status, update_status_duration, update_hint
        The update status and for how long it has lasted. The hint says what this usually means; it
        is there if the update failed or has lasted longer than the threshold of attention.
    release, on_target
        The running release, and whether it is the target release.
    available, uncertain, unavailable
        What an operator can do with the device. `uncertain` has commands that can be sent, but need
        a supervisor that does not report. All three are empty if the data is not enough.
    disconnected_by
        When the device would show as disconnected if it lost its network now; None unless its
        heartbeat is online.
    fields_missing
        Fields that are not in the data, and what is unknown without them.
    """

    device: str
    uuid: str | None
    fleet: str | None
    scheme: StatusScheme
    now: datetime
    newest_event: datetime | None
    old_snapshot: str | None
    attention: Attention | None
    message: str
    first_step: str | None
    status: str | None
    detail: str | None
    reason: Reason | None
    source: str | None
    error: str | None
    api_overall_status: str | None
    api_note: str | None
    causes: tuple[str, ...]
    because: tuple[tuple[str, Any], ...]
    ruled_out: tuple[tuple[Reason, str], ...]
    status_since: datetime | None
    status_duration: timedelta | None
    update_status: UpdateStatus | None
    update_status_duration: timedelta | None
    update_hint: str | None
    release: str | None
    on_target: bool | None
    available: Capability
    uncertain: Capability
    unavailable: Capability
    disconnected_by: datetime | None
    fields_missing: dict[str, str]

    def __str__(self) -> str:
        """Lay it out as plain text."""
        return self.to_text()

    def __repr__(self) -> str:
        return self.to_text(terminal_width())

    def to_text(self, width: int | None = None) -> str:
        """Lay it out as plain text.

        Parameters
        ----------
        width
            Width of a line in characters, such as the columns of a terminal; None: lines are not
            wrapped.
        """
        return _to_text(self, width)

    def to_markdown(self) -> str:
        """Write it as Markdown, with names of devices and other texts escaped."""
        return _to_markdown(self)

    def to_dict(self) -> dict[str, Any]:
        """Give all of it as `json.dumps` takes it: times as text, durations in whole seconds."""
        return _to_dict(self)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": _to_html(self)}


def _headline(explanation: Explanation) -> str:
    """Name the device, then its attention class if it needs attention, then its status."""
    status = "unknown" if explanation.status is None else explanation.status
    if explanation.detail:
        status = f"{status} ({explanation.detail})"
    if explanation.attention is not None:
        return f"{explanation.device}: needs attention ({explanation.attention}), status {status}"
    return f"{explanation.device}: {'status ' if explanation.status is None else ''}{status}"


def _parts(explanation: Explanation) -> Parts:
    """Titles, each with its lines of text, in the order to read them."""
    listed = {
        **_answer(explanation),
        "snapshot": _optional(explanation.old_snapshot),
        "unreadable": _optional(explanation.error),
        "API's answer": _api_answer(explanation),
        "causes": [one for one in explanation.causes if one not in (explanation.update_hint or "")],
        "decided by": [f"{name}: {_shown(value)}" for name, value in explanation.because],
        "status since": _since(explanation),
        "update": _update(explanation),  # stays where it is if it is part of the answer
        "release": _release(explanation),
        "available": _names(explanation.available),
        "uncertain": _names(explanation.uncertain),
        "unavailable": _names(explanation.unavailable),
        "heartbeat": _silence(explanation),
        "ruled out": [f"{reason}: {why}" for reason, why in explanation.ruled_out],
        "not in the data": [f"{name}: {hid}" for name, hid in explanation.fields_missing.items()],
        "as of": [_as_of(explanation)],
    }
    return [(title, texts) for title, texts in listed.items() if texts]


def _to_text(explanation: Explanation, width: int | None) -> str:
    """Lay it out as plain text, wrapped at a width in cells; None: as long as lines are."""
    column = " " * (_INDENT + _TITLE_WIDTH)
    room = None if width is None else max(width - len(column), _LEAST_WIDTH)
    lines = [visible(_headline(explanation))]
    if width is not None:
        lines = wrapped(lines[0], max(width, _LEAST_WIDTH))
    for title, texts in _parts(explanation):
        shown = [visible(text) for text in texts]
        if room is not None:
            shown = [line for text in shown for line in wrapped(text, room)]
        first, *more = shown
        lines.append(f"{'':{_INDENT}}{title:<{_TITLE_WIDTH}}{first}")
        lines += [f"{column}{line}" for line in more]
    return "\n".join(lines)


def _to_markdown(explanation: Explanation) -> str:
    """Write it as a heading and a list, for an issue or a chat."""
    lines = [f"### {markdown(_headline(explanation))}", ""]
    for title, texts in _parts(explanation):
        if len(texts) == 1:
            lines.append(f"- **{title}:** {markdown(texts[0])}")
        else:
            lines.append(f"- **{title}:**")
            lines += [f"  - {markdown(text)}" for text in texts]
    return "\n".join(lines) + "\n"


def _to_html(explanation: Explanation) -> str:
    """Draw it for a notebook: what to know at once, and folded what that was decided by."""
    label = explanation.attention or explanation.status
    title = html.paragraph(html.key(label, _headline(explanation)), kind="title")
    parts = _parts(explanation)
    at_once = [(name, texts) for name, texts in parts if name not in _FOLDED]
    behind = [(name, texts) for name, texts in parts if name in _FOLDED]
    folded = html.folded(_FOLD, _table(behind)) if behind else ""
    return html.page(title, _table(at_once), folded)


def _table(parts: Parts) -> html.Markup:
    return html.table(("", ""), parts, prose=("",))


def _to_dict(explanation: Explanation) -> dict[str, Any]:
    """Give all of it as what JSON can hold."""
    reason = explanation.reason
    return {
        "device": explanation.device,
        "uuid": explanation.uuid,
        "fleet": explanation.fleet,
        "attention": _text_or_none(explanation.attention),
        "message": explanation.message,
        "first_step": explanation.first_step,
        "status": explanation.status,
        "detail": explanation.detail,
        "reason": _text_or_none(reason),
        "why": None if reason is None else reason.message,
        "source": explanation.source,
        "error": explanation.error,
        "api_overall_status": explanation.api_overall_status,
        "api_note": explanation.api_note,
        "causes": list(explanation.causes),
        "because": [
            {"field": name, "value": _json_value(value)} for name, value in explanation.because
        ],
        "status_since": _json_time(explanation.status_since),
        "status_duration_s": _seconds(explanation.status_duration),
        "update_status": _text_or_none(explanation.update_status),
        "update_status_duration_s": _seconds(explanation.update_status_duration),
        "update_hint": explanation.update_hint,
        "release": explanation.release,
        "on_target": explanation.on_target,
        "available": capability_names(explanation.available),
        "uncertain": capability_names(explanation.uncertain),
        "unavailable": capability_names(explanation.unavailable),
        "disconnected_by": _json_time(explanation.disconnected_by),
        "ruled_out": [{"reason": str(key), "why": why} for key, why in explanation.ruled_out],
        "fields_missing": dict(explanation.fields_missing),
        "scheme": str(explanation.scheme),
        "now": _json_time(explanation.now),
        "newest_event": _json_time(explanation.newest_event),
        "old_snapshot": explanation.old_snapshot,
    }


def _answer(explanation: Explanation) -> dict[str, list[str]]:
    """Give what to know at once: the class before the reason, if there is one."""
    reason = explanation.reason
    if explanation.attention is None:
        return {"why": [explanation.message], "first step": _optional(explanation.first_step)}
    answer = {
        "attention": [explanation.message],
        "first step": _optional(explanation.first_step),
    }
    if explanation.attention in UPDATE_CLASSES:
        answer["update"] = _update(explanation)
    why = None if reason is None or reason.message == explanation.message else reason.message
    return answer | {"why this status": _optional(why)}


def _api_answer(explanation: Explanation) -> list[str]:
    if explanation.api_overall_status is None:
        return []
    return [explanation.api_overall_status, *_optional(explanation.api_note)]


def _since(explanation: Explanation) -> list[str]:
    if explanation.status_since is None or explanation.status_duration is None:
        return []
    return [f"{moment(explanation.status_since)} ({in_words(explanation.status_duration)})"]


def _update(explanation: Explanation) -> list[str]:
    if explanation.update_status is None:
        return []
    lasted = explanation.update_status_duration
    duration = "" if lasted is None else f" for {in_words(lasted)}"
    return [f"{explanation.update_status}{duration}", *_optional(explanation.update_hint)]


def _release(explanation: Explanation) -> list[str]:
    on_target = {None: None, True: "on target", False: "not on target"}[explanation.on_target]
    return _optional(", ".join(filter(None, (explanation.release, on_target))))


def _silence(explanation: Explanation) -> list[str]:
    if explanation.disconnected_by is None:
        return []
    return [f"if it went silent now, disconnected by {moment(explanation.disconnected_by)}"]


def _as_of(explanation: Explanation) -> str:
    newest = newest_event_text(explanation.newest_event, explanation.now)
    return f"{moment(explanation.now)}, {newest}"


def _optional(text: str | None) -> list[str]:
    return [text] if text else []


def _names(capabilities: Capability) -> list[str]:
    return _optional(", ".join(capability_names(capabilities)))


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)


def _text_or_none(value: object) -> str | None:
    return None if value is None else str(value)


def _json_value(value: Any) -> Any:
    """Value of a field; what JSON has no number for as null."""
    return None if isinstance(value, float) and not isfinite(value) else value


def _json_time(time: datetime | None) -> str | None:
    if time is None:
        return None
    precision = "milliseconds" if time.microsecond else "seconds"
    return time.astimezone(UTC).isoformat("T", precision).replace("+00:00", "Z")


def _seconds(duration: timedelta | None) -> int | None:
    return None if duration is None else duration // timedelta(seconds=1)
