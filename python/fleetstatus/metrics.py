"""Metrics of devices through prometheus_client: ``pip install "fleetstatus[metrics]"``.

Examples
--------
>>> import fleetstatus as fs
>>> from prometheus_client import CollectorRegistry, generate_latest
>>> from fleetstatus.metrics import Collector
>>> registry = CollectorRegistry()
>>> devices = fs.classify(fs.sample_fleet())
>>> collector = Collector(lambda: devices, registry=registry)
>>> generate_latest(registry).decode().count("fleetstatus_devices{")
32
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

try:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
    from prometheus_client.registry import Collector as _Base
except ImportError as _error:
    _MESSAGE = 'fleetstatus.metrics needs prometheus_client: pip install "fleetstatus[metrics]"'
    raise ImportError(_MESSAGE, name=_error.name) from _error

from fleetstatus import _core
from fleetstatus._coerce import check_choice, to_limit
from fleetstatus._openmetrics import DEFAULT_LIMIT, DETAILS, Detail, openmetrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from prometheus_client import CollectorRegistry

    from fleetstatus._changes.changes import Changes
    from fleetstatus._tracker.tracker import Tracker

__all__ = ["Collector"]

_OF_EXPORTER = ("fleetstatus_up", "fleetstatus_fetch_seconds")


class Collector(_Base):
    """Gives the metrics of `openmetrics` to a registry of prometheus_client, at each scrape.

    Parameters
    ----------
    get
        A function that is called at each scrape. It returns a table, anything that `classify`
        takes, or None if there are no devices yet; then there are no metrics. If it raises an
        error, the scrape fails.
    changes, detail, limit
        See `openmetrics`.
    registry
        The registry to register in. None: not registered; call ``registry.register(collector)``
        yourself.

    Raises
    ------
    ValueError, TypeError
        If an argument has a wrong value or type, or the registry already has a metric of the same
        name.

    Examples
    --------
    >>> import fleetstatus as fs
    >>> from fleetstatus.metrics import Collector
    >>> devices = fs.classify(fs.sample_fleet())
    >>> next(iter(Collector(lambda: devices, detail="none").collect())).name
    'fleetstatus_devices'
    """

    def __init__(
        self,
        get: Callable[[], Any],
        *,
        changes: Changes | Tracker | None = None,
        detail: Detail = "attention",
        limit: int | None = DEFAULT_LIMIT,
        registry: CollectorRegistry | None = None,
    ) -> None:
        if not callable(get):
            message = f"get is a {type(get).__name__}, expected a function that gives devices"
            raise TypeError(message)
        check_choice(detail, DETAILS, name="detail")
        self._get = get
        self._changes = changes
        self._detail: Detail = detail
        self._limit = to_limit(limit)
        if registry is not None:
            register(self, registry)

    def describe(self) -> Iterator[Metric]:
        """Give the metrics without samples, so that a registry knows their names."""
        return families(name for name, *_ in _core.metric_families() if name not in _OF_EXPORTER)

    def collect(self) -> Iterator[Metric]:
        """Give the metrics of the devices now."""
        devices = self._get()
        if devices is None:
            return
        yield from metrics_of(
            devices, changes=self._changes, detail=self._detail, limit=self._limit
        )


def metrics_of(devices: Any, **options: Any) -> Iterator[Metric]:
    """Read what `openmetrics` writes into metrics of prometheus_client."""
    text = openmetrics(devices, format="openmetrics", **options)
    read: Iterator[Metric] = text_string_to_metric_families(text)
    return read


def families(names: Iterable[str]) -> Iterator[Metric]:
    """Make metrics without samples."""
    by_name = {family[0]: family for family in _core.metric_families()}
    for name in names:
        _, kind, unit, labels, text = by_name[name]
        family = CounterMetricFamily if kind == "counter" else GaugeMetricFamily
        yield family(name, text, labels=labels, unit=unit)


def register(collector: _Base, registry: CollectorRegistry) -> None:
    """Register a collector.

    Raises
    ------
    ValueError
        If the registry has a metric of one of its names.
    """
    try:
        registry.register(collector)
    except ValueError as error:
        message = (
            f"the registry has metrics of these names already: {error}\n"
            "use one Collector for all devices, or a CollectorRegistry() of its own"
        )
        raise ValueError(message) from error
