"""The question to the API: every field that the rules read, in one call."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-incomplete-defs

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

import fleetstatus as fs
from command_line import invoke
from fleetstatus._catalog import FIELDS

RELEASE = {"$select": ["id", "commit"]}
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
    provided_by = {"is_provided_by__release": {"$select": ["id"]}}
    assert expanded["image_install"]["$expand"] == provided_by
    assert expanded["device_config_variable"] == VARIABLES
    assert expanded["is_pinned_on__release"] == RELEASE
    assert expanded["should_be_running__release"] == RELEASE
    assert expanded["is_running__release"] == {"$select": ["id", "commit", "raw_version"]}
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
    # No query returns what APIs and tools of old had.
    services = {"current_services", "current_services_by_app"}
    old = {"name", "last_seen_time", "fleet", "application"}
    assert asked == set(FIELDS) - services - old
    assert {"created_at", "is_web_accessible", "is_running__release"} <= asked


def test_only_the_cloud_is_asked_for_is_active():
    assert "is_active" in fs.device_options()["$select"]
    assert "is_active" not in fs.device_options(cloud=False)["$select"]
    assert "is_active" not in fs.device_query(cloud=False)


def test_options_are_the_callers_to_change():
    fs.device_options()["$expand"]["is_pinned_on__release"]["$select"].append("note")
    assert fs.device_options()["$expand"]["is_pinned_on__release"] == RELEASE


def test_query_says_the_same_as_the_options():
    path = fs.device_query()
    assert path.startswith("/v7/device?$select=")
    parts = query_parts(path)
    assert parts["$select"].split(",") == fs.device_options()["$select"]
    assert "is_pinned_on__release($select=id,commit)" in parts["$expand"]
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


@pytest.mark.parametrize("fleet", [1234, b"acme/weather", ["acme/weather"]])
def test_a_fleet_is_text(fleet):
    with pytest.raises(
        TypeError, match=r"fleet is a .*, expected a slug such as 'acme/cold-chain'"
    ):
        fs.device_query(fleet)


# Further fields

CARRIED = ["os_version", "is_running__release.release_type", "tag:site", "supervisor_version"]


def test_carried_fields_are_asked_for():
    plain, options = fs.device_options(), fs.device_options(carry=[*CARRIED, "tag:rack"])
    assert options["$select"] == [*plain["$select"], "os_version"]  # the other is there anyway
    selected = options["$expand"]["is_running__release"]["$select"]
    assert selected == [*plain["$expand"]["is_running__release"]["$select"], "release_type"]
    assert options["$expand"]["device_tag"] == {"$select": ["tag_key", "value"]}
    assert "device_tag" not in plain["$expand"]


def test_a_link_of_its_own_is_expanded_for_what_is_carried():
    options = fs.device_options(carry=["is_of__device_type.slug", "is_of__device_type.name"])
    assert options["$expand"]["is_of__device_type"] == {"$select": ["slug", "name"]}


def test_carried_fields_may_be_spelled_as_in_the_database():
    carry = ["os version", "application.is archived", "is running-release.raw version"]
    options = fs.device_options(carry=carry)
    assert "os_version" in options["$select"]
    assert "is_archived" in options["$expand"]["belongs_to__application"]["$select"]
    assert options["$expand"]["is_running__release"]["$select"].count("raw_version") == 1


def test_the_query_asks_for_carried_fields_too():
    parts = query_parts(fs.device_query(carry={"os_version": str, "tag:site": str}))
    assert parts["$select"].split(",")[-1] == "os_version"
    assert parts["$expand"].endswith(",device_tag($select=tag_key,value)")


def test_a_carried_name_cannot_break_out_of_its_option():
    parts = query_parts(fs.device_query(carry=["a&$top=1,b", "l($x).y;z"]))
    assert "$top" not in parts
    assert parts["$select"].endswith(",a&$top=1,b")
    assert "a%26%24top%3D1%2Cb" in fs.device_query(carry=["a&$top=1,b"])


@pytest.mark.parametrize(("carry", "error"), [("a.b.c", ValueError), ([5], TypeError)])
def test_what_cannot_be_carried_cannot_be_asked_for(carry, error):
    with pytest.raises(error, match="carry "):
        fs.device_options(carry=carry)


# Pages


def test_pages_come_in_the_order_of_ids():
    first = query_parts(fs.device_query("acme/weather", top=500))
    assert (first["$orderby"], first["$top"]) == ("id", "500")
    later = query_parts(fs.device_query("acme/weather", top=500, after=17))
    assert later["$filter"] == f"{first['$filter']} and id gt 17"
    assert query_parts(fs.device_query(after=0))["$filter"] == "id gt 0"
    assert query_parts(fs.device_query(after=5))["$orderby"] == "id"
    assert not {"$orderby", "$top"} & set(query_parts(fs.device_query("acme/weather")))


@pytest.mark.parametrize(
    ("page", "error"),
    [
        ({"top": 0}, ValueError),
        ({"top": 1.5}, TypeError),
        ({"top": True}, TypeError),
        ({"after": -1}, ValueError),
        ({"after": "17"}, TypeError),
        ({"after": False}, TypeError),
    ],
    ids=str,
)
def test_a_page_is_told_by_whole_numbers(page, error):
    with pytest.raises(error, match=next(iter(page))):
        fs.device_query(**page)


# On the command line


def test_the_command_line_asks_for_the_same():
    options = ["--fleet", "acme/weather", "--by", "os_version"]
    asked: dict[str, Any] = {"fleet": "acme/weather", "carry": ["os_version"]}
    assert invoke("query", *options).out == fs.device_query(**asked) + "\n"
    page = invoke("query", *options, "--top", "5", "--after", "17")
    assert page.out == fs.device_query(**asked, top=5, after=17) + "\n"
    assert invoke("query", *options, "--sql").out == fs.database_query(**asked) + "\n"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--sql", "--top", "5"], "LIMIT"),
        (["--sql", "--after", "0"], "LIMIT"),
        (["--sql", "--by", "os_versio"], "did you mean 'os_version'"),
        (["--sql", "--fleet", "x'; drop table device; --"], "a fleet is named like"),
        (["--top", "0"], "top"),
        (["--after", "-1"], "after"),
    ],
)
def test_the_command_line_refuses_the_same(options, told):
    result = invoke("query", *options)
    assert result.code == 2
    assert told in result.err
