"""Errors: they carry their data, and survive pickling."""

# mypy: ignore-errors

import copy
import pickle

import pyarrow as pa
import pytest

import fleetstatus as fs
from examples import device_record, table_of

ERRORS = [
    fs.FleetStatusError("something is wrong"),
    fs.RecordError("record 3: bad", 3, "image_install", "/image_install/0/status", "12"),
    fs.JSONError("expected a value", 17, 2, 5),
    fs.MissingFieldsError("no record has status", ("status",), 0, {"$select": ["status"]}),
    fs.NotDevicesError("x.json: a web page, no devices", "a web page", None),
    fs.SnapshotError("the tables are of two moments"),
    fs.ApiError("the API answered 502", 502, "Bad Gateway"),
]
OF_INPUT = [error for error in ERRORS[1:] if not isinstance(error, fs.ApiError)]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_errors_survive_pickling(error, protocol):
    again = pickle.loads(pickle.dumps(error, protocol))
    assert type(again) is type(error)
    assert vars(again) == vars(error)
    assert str(again) == str(error)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_can_be_copied_with_their_notes(error):
    error = copy.copy(error)
    error.add_note("while reading fleet.json")
    assert pickle.loads(pickle.dumps(error)).__notes__ == ["while reading fleet.json"]


@pytest.mark.parametrize("error", OF_INPUT, ids=lambda error: type(error).__name__)
def test_errors_of_input_are_value_errors_with_a_plain_message(error):
    assert isinstance(error, ValueError)
    assert isinstance(error, fs.FleetStatusError)
    assert str(error) == error.args[0]


def test_record_error_says_where():
    error = ERRORS[1]
    assert (error.index, error.field) == (3, "image_install")
    assert (error.pointer, error.value) == ("/image_install/0/status", "12")


def test_json_error_says_where():
    error = ERRORS[2]
    assert (error.offset, error.line, error.column) == (17, 2, 5)


def test_missing_fields_error_says_what_to_ask_for():
    error = ERRORS[3]
    assert (error.fields, error.index) == (("status",), 0)
    assert error.options == {"$select": ["status"]}


def test_not_devices_error_says_what_it_is_instead():
    error = ERRORS[4]
    assert (error.looks_like, error.index) == ("a web page", None)


def test_api_error_carries_the_answer():
    error = ERRORS[6]
    assert (error.status, error.body) == (502, "Bad Gateway")
    assert isinstance(error, fs.FleetStatusError)
    assert not isinstance(error, ValueError)


LONG = "x" * 1_000_000


def masked_by_other_type():
    zoned = pa.array([0] * 2, type=pa.timestamp("s", tz=LONG))
    return table_of({}, {}).filter(zoned)


QUOTING = {
    "fetch time": lambda: fs.classify({"d": [device_record()], "fetched_at": LONG}),
    "now": lambda: fs.classify([device_record()], now=LONG),
    "sought": lambda: table_of({}).find(LONG),
    "sought twice": lambda: table_of(
        {"device_name": LONG}, {"device_name": LONG, "uuid": "b"}
    ).find(LONG),
    "status": lambda: table_of({}).where(status=LONG),
    "Arrow type": masked_by_other_type,
    "field": lambda: table_of({"api_heartbeat_state": LONG}),
}


@pytest.mark.parametrize("fail", QUOTING.values(), ids=QUOTING)
def test_errors_quote_short_pieces(fail):
    with pytest.raises((ValueError, TypeError, LookupError), match=r"x{20}") as raised:
        fail()
    assert len(str(raised.value)) < 400
