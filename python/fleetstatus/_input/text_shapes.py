"""Text and binary files that are no JSON: how they are recognised, what they are called, what to do.

A row is added here, or in `shape_list` for JSON, and nowhere else. Rows are tried in their order;
the first that matches wins.
"""

from typing import NamedTuple

from fleetstatus._input.shape_list import NO_RECORDS, QUERY

_AGAIN = "fetch the devices again; the file holds none"


class BreakShape(NamedTuple):
    """A break of text that begins like JSON, recognised by the text around it."""

    said: str
    """Part of what the parser says."""
    before: bytes
    """Matches the text before it, without white space."""
    near: bytes
    """Matches the text from it on."""
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


_UNPACK = "unpack it and pass the file in it: "
_IMAGE = "an image"
_UTF16 = "UTF-16 text without a byte order mark"
_PYTHON = "what Python prints of an object"
_JSON_DUMP = "write it with json.dump(devices, file), or pass the objects themselves"
_CONSOLE = "what console.log prints"
_STRINGIFY = "write the records with JSON.stringify(devices)"
_COMMENT = "a comment"
_NO_COMMENTS = "JSON has no comments: delete them, or " + _STRINGIFY
DELETE_LINES = "delete what is no JSON, or keep messages apart: COMMAND 2>errors > fleet.json"
TEXTS = (
    TextShape(
        rb"(?s)PK\x03\x04.{0,4000}?(?:\[Content_Types\]|xl/|word/)|\xd0\xcf\x11\xe0",
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
    TextShape(rb"\x1f\x8b", "gzip inside of gzip", "unpack it twice: gunzip < FILE | gunzip"),
    TextShape(
        rb"(?s)\xff{4}.{3}\0.\0{3}",
        "an Arrow stream, which is no Arrow file",
        "pass pyarrow.ipc.open_stream(FILE), or write a file: pyarrow.ipc.new_file",
    ),
    TextShape(
        rb"(?:[\t\n\r -~]\0){8}", _UTF16, "convert it: iconv -f UTF-16LE -t UTF-8 FILE > NEW_FILE"
    ),
    TextShape(
        rb"(?:\0[\t\n\r -~]){8}", _UTF16, "convert it: iconv -f UTF-16BE -t UTF-8 FILE > NEW_FILE"
    ),
    TextShape(
        rb'(?i)"?sep=[,;\t]"?\r?\n',
        "CSV behind a line for Excel",
        "delete the first line (sep=), so that the names of the columns come first",
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
    TextShape(rb"\s*<(?:[?!/]|[A-Za-z])", "XML", NO_RECORDS),
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
        rb"(?P<what>(?:jq|wget|psql|ssh|node|npm|npx|docker|kubectl|zsh|bash|sh)(?: ERR!|:) [^\r\n]*|"
        rb"[^\r\n]{0,200}: (?:command not found|No such file or directory|Permission denied))",
        "an error of a program",
        "run it again, and see why it failed",
    ),
    TextShape(
        rb"[^\n|]*\|[^\n]*\r?\n-+\+-|-\[ RECORD \d",
        "a table that psql prints for people",
        'write it as CSV: psql --csv -c "SELECT ..." > fleet.csv',
    ),
    TextShape(
        rb"(?![^\n]*(?: \||\| ))[^\s{\[<|][^\n|]*\|[^\n]*\n[^\n]*\|",
        "text with | between its cells, as psql --no-align prints it",
        'write it as CSV, which has commas, semicolons or tabs there: psql --csv -c "SELECT ..."'
        " > fleet.csv",
    ),
    TextShape(
        rb"(?i)\W*ID\W+UUID\W+DEVICE[ _]NAME\b(?!,)(?![^\n]*[;\t])",
        "the table that `balena device list` prints for people",
        "that table lacks the heartbeat, and so does its --json; " + QUERY,
    ),
    TextShape(rb"(?i)\W*ID\s{2,}\w+|== [A-Z]", "a table that balena-cli prints for people", QUERY),
    TextShape(
        rb"[+|\xe2][-=+|\x80-\x9f]{3}|shape: \(|\s+\w+[^\n]*\r?\n0 +\S",
        "a table for people",
        "write the data, not how it is shown: DataFrame.to_json(orient='records'), or CSV",
    ),
    TextShape(rb"-----BEGIN ", "a key or a certificate", "keep it to yourself; " + QUERY),
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
        rb"(?s)\s*(?://[^\n]*\n\s*|/\*.{0,4000}?\*/\s*)+[\[{]\s*[\[{\"\]}]",
        _COMMENT,
        _NO_COMMENTS,
    ),
    TextShape(
        rb"(?s)[^\n]{0,2000}\n(?:.{0,6000}?\n)?(?:\{\s*\"|\[\s*[\[{]\s*\")",
        "lines of a log or a program before the JSON",
        "delete the lines before the JSON, or keep messages apart: COMMAND 2>errors > fleet.json",
    ),
    TextShape(
        rb"\W?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|[A-Z][a-z]{2}\s+\d{1,2} \d\d:\d\d:\d\d |"
        rb"\W?\d\d:\d\d:\d\d\b|[IWEF]\d{4} \d\d:|\[ *\d+\.\d+\] |\d+(?:\.\d+){3} \S+ \S+ \[|"
        rb"[\w.-]+\s+\| |(?i:\[?(?:debug|info|warn|warning|error|trace|notice|fatal|success|"
        rb"logs|live)\b\]?:?\s)",
        "lines of a log",
        NO_RECORDS,
        anywhere=True,
    ),
    TextShape(rb"Traceback \(most recent", "a traceback of Python", _AGAIN, anywhere=True),
    TextShape(rb"#!", "a script", "run it, and pass what it writes"),
    TextShape(
        rb"\s*(?:module\.exports|export |const |let |var |window\.|import |//|/\*|[\w.$]+\([\[{])",
        "JavaScript",
        _STRINGIFY,
    ),
    TextShape(
        rb"\s*(?:@\{|[A-Za-z_]\w*\s+: )",
        "what PowerShell prints of an object",
        "write it with ConvertTo-Json -Depth 10",
    ),
    TextShape(
        rb"[\[{]\s*(?:\{\s*)?(?::\w+|\"[^\"]*\")\s*=>",
        "what Ruby prints of an object",
        "write it with to_json",
    ),
    TextShape(
        rb"(?:[#;][^\n]*\n|\s)*\[\[?[A-Za-z][\w. \"'-]*\]\]?\s*(?:[#;][^\n]*)?(?:\r?\n|$)",
        "a file of settings (TOML or INI)",
        NO_RECORDS,
    ),
    TextShape(
        rb"(?:#[^\n]*\n|\s)*(?:export )?[A-Za-z_][\w.-]*\s*=\s*\S",
        "a file of settings (NAME=value)",
        NO_RECORDS,
    ),
    TextShape(
        rb"(?:#[^\n]*\n|\s)*(?:---\s|%YAML|(?:- )?[A-Za-z_][\w .-]*:(?:\s|$)|- \S)",
        "YAML",
        "convert it: yq --output-format json FILE > fleet.json",
    ),
    TextShape(rb"(?:[^\n]*\n)?\s*#{1,6} ", "Markdown", NO_RECORDS),
    TextShape(
        rb"(?P<what>[^\r\n,;\t]+(?:[,;\t][^\r\n,;\t]*)+)\r?\n[^\r\n]*[,;\t]",
        "CSV whose first line names no field",
        "its first line names fields of the API, such as uuid or api_heartbeat_state",
    ),
    TextShape(
        rb"(?s)[\[{].{0,1}\0|\0[\[{]",
        _UTF16,
        "convert it: iconv -f UTF-16LE -t UTF-8 FILE > fleet.json",
    ),
    TextShape(rb"(?s).{0,4000}?[\0-\x08\x0e-\x1a\x7f]", "a binary file", _AGAIN),
    TextShape(rb"\s*[^\s\[{]", "text", NO_RECORDS),
)

WORDS = (
    TextShape(rb"=>", "what Ruby prints of an object", "write it with to_json"),
    TextShape(rb"\0", "text with NUL bytes, as a crash leaves them", "fetch or copy it again"),
    TextShape(
        rb"\xe2\x80[\x98-\x9f]",
        "JSON with typographic quotes",
        "take the file itself, not a copy from a chat or a document",
    ),
    TextShape(
        rb"\.\.\.|\xe2\x80\xa6",
        "an excerpt of JSON, with dots for the rest",
        "take all of the file",
    ),
    TextShape(
        rb"(?![\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})[\x80-\xff]",
        "text that is not UTF-8",
        "convert it: iconv -f WINDOWS-1252 -t UTF-8 FILE > fleet.json",
    ),
    TextShape(rb"'|(?:None|True|False)\b|datetime\.", _PYTHON, _JSON_DUMP),
    TextShape(rb"undefined\b|\[?Object\b|[A-Za-z_$][\w$]*:\s", _CONSOLE, _STRINGIFY),
    TextShape(
        rb"-?(?:NaN|Infinity)\b",
        "text with NaN or Infinity, which JSON does not have",
        "write null where a value is missing: json.dump(..., allow_nan=False) finds the places",
    ),
)
"""What text that begins like JSON may hold where it breaks."""

_END = rb"[\]}]"
_AT_TOP = "parsing value"  # with the end of a list or object before it, between JSON texts
_ESCAPE = "it must be escaped: json.dump(json.load(file, strict=False), other_file) writes it so"
BREAKS = (
    BreakShape("control character U+0009", b"", b"", "a tab inside of a text", _ESCAPE),
    BreakShape(
        "control character U+000", b"", rb"[\r\n]", "a line break inside of a text", _ESCAPE
    ),
    BreakShape("control character", b"", b"", "a control character inside of a text", _ESCAPE),
    BreakShape(
        "",
        b",",
        _END,
        "a comma behind the last item",
        "delete the comma, or write the file with json.dump or JSON.stringify, which write none",
    ),
    BreakShape(
        "",
        rb'\\\\"',
        rb"[^\s,:}\]]",
        "text whose backslashes are doubled, as COPY of PostgreSQL writes it",
        r"write it with psql -At, or COPY with (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02')",
    ),
    BreakShape("", b"", rb"/[/*]", _COMMENT, _NO_COMMENTS),
    BreakShape(
        _AT_TOP,
        b"}",
        b",",
        "records with commas between them, but without brackets around them",
        "write [ before the first and ] behind the last, or delete the commas",
    ),
    BreakShape(_AT_TOP, _END, b";", "a semicolon behind the JSON", "delete it"),
    BreakShape(
        _AT_TOP,
        _END,
        _END,
        "a bracket too many behind the JSON",
        "delete it, or see what is missing",
    ),
    BreakShape(
        _AT_TOP, _END, rb"(?!\.\.\.|=>)[!-~]", "text behind or between the JSON", DELETE_LINES
    ),
)
"""How text that begins like JSON breaks by a slip of who wrote it."""
