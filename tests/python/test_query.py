"""The question to the API: every field that the rules read, in one call."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-incomplete-defs

from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

import fleetstatus as fs

RELEASE = {"$select": ["id"]}
VARIABLES = {"$select": ["name", "value"]}


def query_parts(path):
    return dict(parse_qsl(urlsplit(path).query, separator="&", strict_parsing=True))


def test_options_select_every_plain_field_once():
    selected = fs.device_options()["$select"]
    assert len(selected) == len(set(selected))
    assert {"is_online", "is_connected_to_vpn", "overall_status", "is_frozen"} <= set(selected)
    assert not {"current_services", "application", "image_install"} & set(selected)


def test_options_expand_every_link():
    expanded = fs.device_options()["$expand"]
    assert expanded["image_install"]["$select"] == ["id", "status", "download_progress"]
    assert expanded["image_install"]["$expand"] == {"is_provided_by__release": RELEASE}
    assert expanded["device_config_variable"] == VARIABLES
    assert expanded["is_pinned_on__release"] == RELEASE
    assert expanded["should_be_running__release"] == RELEASE
    assert expanded["belongs_to__application"] == {
        "$select": ["id", "slug", "app_name"],
        "$expand": {
            "should_be_running__release": RELEASE,
            "application_config_variable": VARIABLES,
        },
    }


def test_options_cover_the_record_type():
    options = fs.device_options()
    asked = {*options["$select"], *options["$expand"]}
    assert asked == set(fs.DeviceRecord.__annotations__) - {"current_services"}


def test_only_the_cloud_is_asked_for_is_active():
    assert "is_active" in fs.device_options()["$select"]
    assert "is_active" not in fs.device_options(cloud=False)["$select"]
    assert "is_active" not in fs.device_query(cloud=False)


def test_options_are_the_callers_to_change():
    fs.device_options()["$expand"]["is_pinned_on__release"]["$select"].append("commit")
    assert fs.device_options()["$expand"]["is_pinned_on__release"] == RELEASE


def test_query_says_the_same_as_the_options():
    path = fs.device_query()
    assert path.startswith("/v7/device?$select=")
    parts = query_parts(path)
    assert parts["$select"].split(",") == fs.device_options()["$select"]
    assert "is_pinned_on__release($select=id)" in parts["$expand"]
    assert "$filter" not in parts


def test_query_can_be_pasted_into_quotes():
    assert not set(fs.device_query("acme/cold-chain")) & set(" '\"<>\\{}[]|^`")


def test_query_of_one_fleet():
    wanted = "belongs_to__application/any(a:a/slug eq 'acme/cold-chain')"
    assert query_parts(fs.device_query("acme/cold-chain"))["$filter"] == wanted


def test_a_fleet_name_cannot_break_out_of_its_quotes():
    # A quote is doubled, as OData wants it, then everything is encoded.
    hostile = "a/b' or true&$top=1#%27+é"
    parts = query_parts(fs.device_query(hostile))
    assert (
        parts["$filter"] == "belongs_to__application/any(a:a/slug eq 'a/b'' or true&$top=1#%27+é')"
    )
    assert "$top" not in parts


@pytest.mark.parametrize("fleet", ["", "cold-chain", "/cold-chain", "acme/"])
def test_a_fleet_is_named_with_its_organization(fleet):
    with pytest.raises(ValueError, match="acme/cold-chain"):
        fs.device_query(fleet)


def test_query_is_plain_ascii():
    path = fs.device_query("acme/kühl")
    assert path.isascii()
    assert "acme/kühl" in unquote(path)
