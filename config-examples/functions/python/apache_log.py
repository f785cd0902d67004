"""Makes a JSON object of a line in Apache's combined log format. Other lines fail."""

import base64
import json
import re

LINE = re.compile(
    r'(?P<host>\S+) (?P<ident>\S+) (?P<authuser>\S+) \[(?P<timestamp>[^\]]+)\] '
    r'"(?P<request>(?:[^"\\]|\\.)*)" (?P<response>\d{3}) (?P<bytes>\d+|-)'
    r'(?: "(?P<referer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)")?\s*'
)


def transform(record):
    try:
        line = base64.b64decode(record["data"]).decode("utf-8")
    except ValueError:
        line = ""
    match = LINE.fullmatch(line)
    if match is None:
        return {"recordId": record["recordId"], "result": "ProcessingFailed", "data": record["data"]}
    fields = {name: value for name, value in match.groupdict().items() if value is not None}
    fields["response"] = int(fields["response"])
    fields["bytes"] = 0 if fields["bytes"] == "-" else int(fields["bytes"])
    text = json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
    return {
        "recordId": record["recordId"],
        "result": "Ok",
        "data": base64.b64encode(text.encode("utf-8")).decode("ascii"),
    }


def handler(event, context):
    return {"records": [transform(record) for record in event["records"]]}
