"""Files that hold no device records: how each is recognised, what it is called, what to do.

A row is added here and nowhere else. Rows are tried in their order; the first that matches wins.
"""

from typing import NamedTuple

QUERY = (
    'ask the API for the devices: curl -H "Authorization: Bearer $TOKEN" '
    '"https://api.balena-cloud.com$(fleetstatus query)" > fleet.json'
)
_CONVERT = "it holds no device records; " + QUERY
_AGAIN = "fetch the devices again; the file holds none"


class ObjectShape(NamedTuple):
    """An object of JSON, recognised by its keys."""

    all_of: str
    """Keys that it has."""
    any_of: str
    """Keys of which it has at least one; none where this is empty."""
    looks_like: str
    advice: str


class TextShape(NamedTuple):
    """Text or bytes that are no JSON, recognised by what they begin with."""

    pattern: bytes
    """Matches at the start; a group ``what`` is quoted behind the name."""
    looks_like: str
    advice: str
    anywhere: bool = False
    """Whether it is also recognised on a line of its own behind JSON."""


class SeenShape(NamedTuple):
    """Device records with less than the rules need, recognised by the fields that they have."""

    all_of: str
    none_of: str
    looks_like: str
    advice: str


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
    ObjectShape("nbformat", "", "a Jupyter notebook", _CONVERT),
    ObjectShape("Id", "Config HostConfig RepoTags GraphDriver", "docker inspect", _CONVERT),
    ObjectShape("ID Names", "", "docker ps", _CONVERT),
    ObjectShape("services", "", "a Docker Compose file", _CONVERT),
    ObjectShape("lockfileVersion", "", "a package-lock.json", _CONVERT),
    ObjectShape(
        "name",
        "dependencies devDependencies scripts main license",
        "a package.json",
        _CONVERT,
    ),
    ObjectShape("compilerOptions", "", "a tsconfig.json", _CONVERT),
    ObjectShape("status data", "", "an answer of Prometheus", _CONVERT),
    ObjectShape("status errorType", "", "an error answer of Prometheus", _CONVERT),
    ObjectShape("receiver alerts", "", "alerts of Alertmanager", _CONVERT),
    ObjectShape("panels", "schemaVersion templating title", "a Grafana dashboard", _CONVERT),
    ObjectShape("dashboard meta", "", "a Grafana dashboard", _CONVERT),
    ObjectShape("type", "features geometry coordinates", "GeoJSON", _CONVERT),
    ObjectShape("apiVersion kind", "", "an object of Kubernetes", _CONVERT),
    ObjectShape("terraform_version", "", "a state of Terraform", _CONVERT),
    ObjectShape("openapi", "paths", "an OpenAPI description", _CONVERT),
    ObjectShape("$schema", "", "a JSON schema, or a file that names one", _CONVERT),
    ObjectShape("hits", "took", "an answer of Elasticsearch", _CONVERT),
    ObjectShape("MESSAGE", "", "log records of journald", _CONVERT),
    ObjectShape("log stream", "", "log records of Docker", _CONVERT),
    ObjectShape("message timestamp", "", "log records", _CONVERT),
    ObjectShape("message createdAt", "", "log records", _CONVERT),
    ObjectShape("level", "msg message ts time timestamp @timestamp", "log records", _CONVERT),
    ObjectShape("severity", "message timestamp time", "log records", _CONVERT),
    ObjectShape(
        "",
        "devices data results items value records rows",
        "an object around something else",
        "pass the list of devices in it alone, as `jq .devices FILE` prints it",
    ),
)

_UNPACK = "unpack it and pass the file in it: "
_IMAGE = "an image"
_PYTHON = "what Python prints of an object"
_JSON_DUMP = "write it with json.dump(devices, file), or pass the objects themselves"
_CONSOLE = "what console.log prints"
_STRINGIFY = "write the records with JSON.stringify(devices)"
TEXTS = (
    TextShape(
        rb"(?s)PK\x03\x04.{0,4000}?(?:\[Content_Types\]|xl/|word/)",
        "an Excel workbook or another file of Office",
        "save its sheet as CSV whose first line names fields of the API",
    ),
    TextShape(rb"PK(?:\x03\x04|\x05\x06)", "a zip archive", _UNPACK + "unzip FILE"),
    TextShape(rb"(?s).{257}ustar", "a tar archive", _UNPACK + "tar -xf FILE"),
    TextShape(rb"BZh[1-9]1AY", "a bzip2 file", _UNPACK + "bunzip2 FILE"),
    TextShape(rb"\xfd7zXZ", "an xz file", _UNPACK + "unxz FILE"),
    TextShape(rb"\x28\xb5\x2f\xfd", "a zstd file", _UNPACK + "unzstd FILE"),
    TextShape(rb"7z\xbc\xaf", "a 7z archive", _UNPACK + "7z x FILE"),
    TextShape(rb"\x89PNG|GIF8[79]a|\xff\xd8\xff|II\*\0|MM\0\*|BM.{4}\0\0", _IMAGE, _AGAIN),
    TextShape(rb"(?s)RIFF.{4}WEBP|\x00\x00\x01\x00", _IMAGE, _AGAIN),
    TextShape(rb"%PDF-", "a PDF document", _AGAIN),
    TextShape(
        rb"SQLite format 3\0",
        "an SQLite database",
        "pass its rows as dicts, each with columns named like the fields of the API",
    ),
    TextShape(
        rb"PGDMP|(?:--[^\n]*\n|\s)*(?:COPY|INSERT INTO|CREATE TABLE|SET|-- PostgreSQL)\s",
        "a dump of a database",
        'write the table as CSV: psql --csv -c "SELECT ..." > fleet.csv',
    ),
    TextShape(rb"\x80[\x02-\x05][\x95\x8c(\]}cq]", "a Python pickle", "write it with json.dump"),
    TextShape(
        rb"\x7fELF|\xcf\xfa\xed\xfe|\x89HDF|\x93NUMPY|ORC|Obj\x01|FEA1|\x00asm",
        "a binary file",
        "write the devices as JSON, CSV, Parquet or an Arrow file",
    ),
    TextShape(
        rb"version https://git-lfs", "a pointer of Git LFS", "fetch the file itself: git lfs pull"
    ),
    TextShape(
        rb"<{7} |={7}\s",
        "text with a merge conflict",
        "resolve the conflict of Git first",
        anywhere=True,
    ),
    TextShape(
        rb"(?is)\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*"
        rb"<(?:!doctype html|html|head|body|title|script|center|h1)\b"
        rb"(?:.*?<title[^>]*>\s*(?P<what>.*?)\s*</title>)?",
        "a web page",
        "it comes from a proxy, a login page or a wrong address; fetch the devices again",
        anywhere=True,
    ),
    TextShape(rb"\s*<(?:[?!/]|[A-Za-z])", "XML", _CONVERT),
    TextShape(
        rb"(?:HTTP/[\d.]+\s+(?P<what>[1-5]\d\d[^\r\n]*))",
        "the headers of an HTTP answer",
        "call curl without --include (-i), so that it writes the body alone",
        anywhere=True,
    ),
    TextShape(
        rb"[*<>] (?:\S|\s)|\s*% Total\s+% Received",
        "what curl prints about its work",
        "write the body alone: curl --silent --output fleet.json",
        anywhere=True,
    ),
    TextShape(rb"curl: \(\d+\) (?P<what>[^\r\n]*)", "an error of curl", _AGAIN),
    TextShape(
        rb"[^\n|]*\|[^\n]*\r?\n-+\+-",
        "a table that psql prints for people",
        'write it as CSV: psql --csv -c "SELECT ..." > fleet.csv',
    ),
    TextShape(
        rb"(?i)\W*ID\W+UUID\W+DEVICE[ _]NAME\b(?!,)(?![^\n]*[;\t])",
        "the table that `balena device list` prints for people",
        "that table lacks the heartbeat, and so does its --json; " + QUERY,
    ),
    TextShape(rb"(?i)\W*ID\s{2,}\w+|== [A-Z]", "a table that balena-cli prints for people", QUERY),
    TextShape(rb"[+|\xe2][-=+|\x80-\x9f]{3}", "a table for people", _CONVERT),
    TextShape(
        rb"eyJ[\w-]+\.", "a token", "keep it to yourself; pass the file that the API answered with"
    ),
    TextShape(
        rb"(?s)[^{\n]{0,200}[\[{]\s*(?:\{\s*)?[A-Za-z_$][\w$]*:\s.{0,4000}",
        _CONSOLE,
        _STRINGIFY,
    ),
    TextShape(
        rb"[\[{(]\s*[\[{(]*\s*(?:'|None\b|True\b|False\b|datetime\.)",
        _PYTHON,
        _JSON_DUMP,
    ),
    TextShape(
        rb"(?s)[^\n]{0,2000}\n(?:.{0,6000}?\n)?(?:\{\s*\"|\[\s*[\[{]\s*\")",
        "lines of a log or a program before the JSON",
        "delete the lines before the JSON, or keep messages apart: COMMAND 2>errors > fleet.json",
    ),
    TextShape(
        rb"\W?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|[A-Z][a-z]{2}\s+\d{1,2} \d\d:\d\d:\d\d |"
        rb"(?i:\[?(?:debug|info|warn|warning|error|trace|notice|fatal)\b\]?:?\s)",
        "lines of a log",
        _CONVERT,
        anywhere=True,
    ),
    TextShape(rb"Traceback \(most recent", "a traceback of Python", _AGAIN, anywhere=True),
    TextShape(rb"#!", "a script", "run it, and pass what it writes"),
    TextShape(
        rb"(?:[#;][^\n]*\n|\s)*\[\[?[A-Za-z][\w. \"'-]*\]\]?\s*(?:[#;][^\n]*)?(?:\r?\n|$)",
        "a file of settings (TOML or INI)",
        _CONVERT,
    ),
    TextShape(
        rb"(?:#[^\n]*\n|\s)*(?:export )?[A-Za-z_][\w.-]*\s*=\s*\S",
        "a file of settings (NAME=value)",
        _CONVERT,
    ),
    TextShape(
        rb"(?:#[^\n]*\n|\s)*(?:---\s|%YAML|(?:- )?[A-Za-z_][\w .-]*:(?:\s|$)|- \S)",
        "YAML",
        "convert it: yq --output-format json FILE > fleet.json",
    ),
    TextShape(rb"(?:[^\n]*\n)?\s*#{1,6} ", "Markdown", _CONVERT),
    TextShape(
        rb"(?P<what>[^\r\n,;\t]+(?:[,;\t][^\r\n,;\t]*)+)\r?\n[^\r\n]*[,;\t]",
        "CSV whose first line names no field",
        "its first line names fields of the API, such as uuid or api_heartbeat_state",
    ),
    TextShape(
        rb"(?s)[\[{].{0,1}\0|\0[\[{]",
        "UTF-16 text without a byte order mark",
        "convert it: iconv -f UTF-16LE -t UTF-8 FILE > fleet.json",
    ),
    TextShape(rb"(?s).{0,4000}?[\0-\x08\x0e-\x1a\x7f]", "a binary file", _AGAIN),
)

WORDS = (
    TextShape(rb"'|(?:None|True|False)\b|datetime\.", _PYTHON, _JSON_DUMP),
    TextShape(
        rb"-?(?:NaN|Infinity)\b",
        "text with NaN or Infinity, which JSON does not have",
        "write null where a value is missing: json.dump(..., allow_nan=False) finds the places",
    ),
    TextShape(
        rb"undefined\b|\[?Object\b|\.\.\. \d+ more|[A-Za-z_$][\w$]*:\s", _CONSOLE, _STRINGIFY
    ),
)
"""What may stand inside of text that begins like JSON, at the place where it breaks."""

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
_LIBRARY = "read it with the scheme library-2020, which needs no heartbeat"
_BEFORE_2020 = "no heartbeat: device records older than 2020"
SEEN = (
    SeenShape(
        "uuid device_name fleet status",
        "is_online is_connected_to_vpn api_heartbeat_state provisioning_state",
        "a table of statuses, as fleetstatus writes it",
        "pass the device records that it was made of",
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
        "is_online status provisioning_progress download_progress",
        "api_heartbeat_state overall_status update_status is_frozen fleet",
        _BEFORE_2020,
        _LIBRARY,
    ),
    SeenShape("last_seen_time", "api_heartbeat_state", _BEFORE_2020, _LIBRARY),
)
