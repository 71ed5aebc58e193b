"""Device records for property tests: well-formed, broken, and one for every decision.

Records are made as the API spells them; ``device_records`` then picks a spelling for each key.
Everything survives ``json.dumps`` and ``json.loads``, unless a test asks for Python values.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from bad_values import BAD_BY_FIELD
from decision_space import decision_space, some_decision
from drawn_times import NOW
from field_values import (
    ALIAS_VALUES,
    CLOUDLINK_FIELDS,
    FIELD_VALUES,
    PYTHON_VALUES,
    ZONELESS_VALUES,
    flags,
    members,
    mostly,
    rarely,
)
from oracle_fields import OVERWRITTEN_STATUSES
from oracle_members import database_spelling
from record_spelling import (
    TOP_LEVEL,
    last_value,
    respelled,
    shuffled,
    with_both_spellings,
    without_field,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = [
    "NOW",
    "bad_records",
    "decision_space",
    "device_records",
    "junk_fields",
    "shuffled",
]

Record = dict[str, Any]

SEEDS = st.integers(0, 2**16)
LINK_FIELDS = (*CLOUDLINK_FIELDS, "api_heartbeat_state")


@st.composite
def device_records(
    draw: DrawFn,
    *,
    with_links: bool = True,
    python_values: bool = False,
    without_zones: bool = False,
) -> Record:
    """Draw well-formed records: half of them adversarial in every field, half decided by facts.

    With links, the heartbeat is set and so is at least one flag of cloudlink; without, both are
    as absent and null as any other field. Python values are NaN and aware datetimes. Without
    zones, some times have none.
    """
    values = FIELD_VALUES | (PYTHON_VALUES if python_values else {})
    values = values | (ZONELESS_VALUES if without_zones else {})
    if not with_links:
        values = values | {"api_heartbeat_state": mostly(values["api_heartbeat_state"])}
    record = draw(members(values, *(["api_heartbeat_state"] if with_links else [])))
    if draw(st.booleans()):
        decided = some_decision(Random(draw(SEEDS)))
        undecided = () if with_links else LINK_FIELDS
        record |= {key: value for key, value in decided.items() if key not in undecided}
    record |= draw(members(ALIAS_VALUES, times_absent=12))
    record = rewritten(record, draw(SEEDS), respelled)
    double = draw(rarely(st.sampled_from([*values, *ALIAS_VALUES])))
    if double is not None:
        drawn = (values | ALIAS_VALUES)[double]
        record = with_both_spellings(record, double, draw(drawn), draw(drawn))
    if last_value(record, "status") in OVERWRITTEN_STATUSES:
        record = without_overwriting(record)
    return with_cloudlink(record, draw(flags())) if with_links else record


def without_overwriting(record: Record) -> Record:
    """Take the API's own answer out where the status repeats it, which is no status then."""
    is_repeated = last_value(record, "status") == last_value(record, "overall_status")
    return without_field(record, "overall_status") if is_repeated else record


def rewritten(record: Record, seed: int, rewrite: Callable[[Record, Random], Record]) -> Record:
    """Write a record differently for each seed; 0, to which examples shrink, leaves it alone."""
    return rewrite(record, Random(seed)) if seed else record


def with_cloudlink(record: Record, flag: Any) -> Record:
    """Set a flag of cloudlink where the record has none."""
    if any(last_value(record, name) is not None for name in CLOUDLINK_FIELDS):
        return record
    return without_field(record, "is_connected_to_vpn") | {"is_connected_to_vpn": flag}


@st.composite
def bad_records(draw: DrawFn, *, most: int = 3, missing_links: bool = False) -> Record:
    """Draw records with one or more broken fields, at most ``most``.

    With missing links, the record may also lack a link field, which every scheme but
    library-2020 needs.
    """
    record = draw(device_records())
    broken = draw(st.sets(st.sampled_from(sorted(BAD_BY_FIELD)), min_size=1, max_size=most))
    if missing_links and draw(st.booleans()):
        broken = broken - set(LINK_FIELDS)
        lost = draw(st.sampled_from([CLOUDLINK_FIELDS, ("api_heartbeat_state",)]))
        for name in lost:
            record = without_field(record, name)
    if not broken & {"status", "overall_status"} and draw(rarely(st.just(True))):
        word = draw(st.sampled_from(OVERWRITTEN_STATUSES))
        record = with_values(record, status=word, overall_status=word)
        broken = set(sorted(broken)[1:])
    for name in sorted(broken):
        key = draw(st.sampled_from([name, database_spelling(name)]))
        record = without_field(record, name) | {key: draw(st.sampled_from(BAD_BY_FIELD[name]))}
    return rewritten(record, draw(SEEDS), shuffled)


def with_values(record: Record, **values: Any) -> Record:
    """Set fields, whatever spelling of them the record has."""
    for name in values:
        record = without_field(record, name)
    return record | values


NEAR_MISSES = [
    *("Is_Online", "is-online", "is_online ", "is connected_to_vpn", "api_heartbeat", "STATUS"),
    *("belongs_to_application", "application_config_variable", "app name", "slug", "__id", ""),
    *("names", "value", "fetched_at", "image_installs", "image_install__", "overall_progress"),
]


def junk_fields() -> SearchStrategy[Record]:
    """Draw unlisted keys with any JSON value, listed names within them included.

    ``d`` is left out, since an object with a list under that key is an envelope.
    """
    scalars = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=8)
        | st.just("\ud800")
    )
    inner_keys = st.sampled_from(sorted(TOP_LEVEL)) | st.text(max_size=4) | st.just("d")
    values = st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(inner_keys, inner, max_size=3),
        max_leaves=8,
    )
    keys = st.sampled_from(NEAR_MISSES) | st.text(max_size=6)
    unlisted = keys.filter(lambda key: key not in TOP_LEVEL and key != "d")
    return st.dictionaries(unlisted, values, max_size=5)
