"""JSON that holds no device records: how it is recognised, what it is called, what to do.

A row is added here, or in `text_shapes` for what is no JSON, and nowhere else. Rows are tried in
their order; the first that matches wins.
"""

from collections.abc import Container
from typing import NamedTuple

QUERY = (
    'ask the API for the devices: curl -H "Authorization: Bearer $BALENA_TOKEN" '
    '"https://api.balena-cloud.com$(fleetstatus query)" > fleet.json'
)
FETCH_AGAIN = "fetch the devices again; an answer with an error holds none"
_MADE_OF = "pass the device records that it was made of"
NO_RECORDS = "it holds no device records; " + QUERY
AROUND = "pass the list under KEY alone, as `jq .KEY FILE` prints it"
_DATABASE = (
    "ask the database with fleetstatus.database_query(), or `fleetstatus query --sql`: one SELECT "
    "with installs, variables, fleets and releases"
)
_MAYBE_DEEPER = ", or a list deeper in it, such as `jq .KEY.devices FILE`"


class ObjectShape(NamedTuple):
    """An object of JSON, recognised by its keys."""

    all_of: str
    """Keys that it has."""
    any_of: str
    """Keys, at least one of which it has; empty: no condition."""
    looks_like: str
    advice: str

    def advice_for(self, keys: Container[str]) -> str:
        """Advice, with the key that was recognised filled in."""
        key = next((key for key in self.any_of.split() if key in keys), "")
        if self.advice != AROUND:
            return self.advice
        deeper = "" if key == "devices" else _MAYBE_DEEPER
        return (AROUND + deeper).replace("KEY", key)


class SeenShape(NamedTuple):
    """Device records with less than the rules need, recognised by the fields that they have."""

    all_of: str
    none_of: str
    looks_like: str
    advice: str
    """Empty for records of the scheme library-2020: it depends on what they lack there."""


OBJECTS = (
    ObjectShape("app_name device_count", "", "a list of fleets (balena fleet list --json)", QUERY),
    ObjectShape(
        "app_name",
        "slug should_track_latest_release should_be_running__release is_for__device_type "
        "device_type organization depends_on__application is_of__class",
        "a fleet of the API without its devices",
        QUERY,
    ),
    ObjectShape(
        "api_port",
        "update_pending update_downloaded os_version",
        "the supervisor's own state (/v1/device)",
        "the supervisor does not know its heartbeat; " + QUERY,
    ),
    ObjectShape(
        "appState",
        "",
        "the supervisor's own state (/v2/state/status)",
        "the supervisor does not know its heartbeat; " + QUERY,
    ),
    ObjectShape(
        "status", "deviceName tags services containers vpn", "an answer of the supervisor", QUERY
    ),
    ObjectShape("local", "dependent", "a target state of the supervisor", QUERY),
    ObjectShape("appId", "services commit", "an app's state of the supervisor", QUERY),
    ObjectShape(
        "commit",
        "raw_version semver is_final release_version composition build_log is_passing_tests",
        "a list of releases",
        QUERY,
    ),
    ObjectShape("apiEndpoint", "", "a device's config.json", QUERY),
    ObjectShape("tag_key", "", "a list of tags (balena tag list --json)", QUERY),
    ObjectShape("name value", "serviceName fleet", "variables (balena env list --json)", QUERY),
    ObjectShape("slug arch", "", "a list of device types", QUERY),
    ObjectShape("install_date", "device image", "a list of image installs", QUERY),
    ObjectShape("service_name", "", "a list of services", QUERY),
    ObjectShape("handle", "", "a list of organizations", QUERY),
    ObjectShape("username", "", "an account (balena whoami)", QUERY),
    ObjectShape("statusCode", "body name request", "an error of balena-sdk", FETCH_AGAIN),
    ObjectShape("errors", "", "an error answer", FETCH_AGAIN),
    ObjectShape("detail", "", "an error answer", FETCH_AGAIN),
    ObjectShape("d", "", "an answer of the API without a list of devices", QUERY),
    ObjectShape("devices share", "", "a summary, as fleetstatus writes it", _MADE_OF),
    ObjectShape("nbformat", "", "a Jupyter notebook", NO_RECORDS),
    ObjectShape("Id", "Config HostConfig RepoTags GraphDriver", "docker inspect", NO_RECORDS),
    ObjectShape("ID Names", "", "docker ps", NO_RECORDS),
    ObjectShape("services", "", "a Docker Compose file", NO_RECORDS),
    ObjectShape("lockfileVersion", "", "a package-lock.json", NO_RECORDS),
    ObjectShape(
        "name",
        "dependencies devDependencies scripts main license",
        "a package.json",
        NO_RECORDS,
    ),
    ObjectShape("compilerOptions", "", "a tsconfig.json", NO_RECORDS),
    ObjectShape("status data", "", "an answer of Prometheus", NO_RECORDS),
    ObjectShape("receiver alerts", "", "alerts of Alertmanager", NO_RECORDS),
    ObjectShape("panels", "schemaVersion templating title", "a Grafana dashboard", NO_RECORDS),
    ObjectShape("dashboard meta", "", "a Grafana dashboard", NO_RECORDS),
    ObjectShape("type", "features geometry coordinates", "GeoJSON", NO_RECORDS),
    ObjectShape("apiVersion kind", "", "an object of Kubernetes", NO_RECORDS),
    ObjectShape("terraform_version", "", "a state of Terraform", NO_RECORDS),
    ObjectShape("openapi", "paths", "an OpenAPI description", NO_RECORDS),
    ObjectShape("$schema", "", "a JSON schema, or a file that names one", NO_RECORDS),
    ObjectShape("hits", "took", "an answer of Elasticsearch", NO_RECORDS),
    ObjectShape("MESSAGE", "", "log records of journald", NO_RECORDS),
    ObjectShape("log stream", "", "log records of Docker", NO_RECORDS),
    ObjectShape(
        "message", "timestamp @timestamp time ts date createdAt", "log records", NO_RECORDS
    ),
    ObjectShape("level", "msg message ts time timestamp @timestamp", "log records", NO_RECORDS),
    ObjectShape("severity", "message timestamp time", "log records", NO_RECORDS),
    ObjectShape(
        "",
        "devices data results items value records rows",
        "an object around something else",
        AROUND,
    ),
)

ANSWER = (
    rb"(?i)(?:[\"']?)(?P<what>(?:error:? *|http(?:/[\d.]+)? *)?(?:[45]\d\d[ :-]*)?(?:"
    rb"unauthori[sz]ed|forbidden|not found|bad request|bad gateway|service unavailable|"
    rb"(?:service|server|site) (?:is )?(?:temporarily )?unavailable|gateway time-?out|"
    rb"request time-?out|upstream |no healthy upstream|too many requests|rate limit|"
    rb"internal server error|method not allowed|payload too large|unprocessable entity|"
    rb"conflict\b|gone\b|malformed url|invalid (?:token|session|credentials)|jwt |access denied|"
    rb"error code: \d+|you (?:have|need) to log ?in|(?:you are )?not logged in|"
    rb"(?:your )?session (?:has )?expired|token (?:has )?expired|balena\w*error|"
    rb"balenanotloggedin|balenaexpiredtoken|request failed|requesterror|"
    rb"connect econn|connection (?:refused|reset)|timeout\b)[^\r\n]*)"
)
"""Text with which the API, or a proxy before it, says that it gives no devices."""

ANSWERS = (
    (
        "unauthori|invalid token|jwt|expired|log ?in|logged|session|credential|401|balenanot",
        "the token is missing, wrong or expired: set a new one (`balena login`) and fetch again",
    ),
    ("forbidden|access denied|permission|403", "fetch with a token that may read these devices"),
    ("too many|rate limit|429", "wait a minute, then fetch the devices again"),
    (
        "gateway|unavailable|time-?out|upstream|internal|connect|5\\d\\d",
        "the server or a proxy failed: fetch the devices again later",
    ),
    (
        "not found|malformed|bad request|40\\d|select|expand|filter",
        "check the address and the query; `fleetstatus query` prints one that the API takes",
    ),
)
"""What to do about an error answer, by words in it."""

_LIST_JSON = "the output of `balena device list --json`"
_DEVICE_JSON = "the output of `balena device UUID --json`"
_BEFORE_2020 = "device records older than 2020, which have no heartbeat"
SEEN = (
    SeenShape(
        "uuid device_name fleet",
        "is_online is_connected_to_vpn api_heartbeat_state provisioning_state",
        "a table of statuses or changes, as fleetstatus writes it",
        _MADE_OF,
    ),
    SeenShape(
        "fleet is_online",
        "is_connected_to_vpn api_heartbeat_state",
        _LIST_JSON,
        "it holds no heartbeat; " + QUERY,
    ),
    SeenShape(
        "fleet is_connected_to_vpn",
        "image_install current_services current_services_by_app",
        _DEVICE_JSON,
        "it holds no installs, and its status is overwritten; " + QUERY,
    ),
    SeenShape(
        "api_heartbeat_state is_pinned_on__release is_running__release provisioning_progress",
        "image_install overall_status is_active is_frozen should_be_running__release",
        "the table device of openBalena's database, without the tables beside it",
        _DATABASE,
    ),
    SeenShape(
        "is_online status provisioning_progress download_progress",
        "api_heartbeat_state overall_status update_status is_frozen fleet",
        _BEFORE_2020,
        "",
    ),
    SeenShape("last_seen_time", "api_heartbeat_state", _BEFORE_2020, ""),
)
