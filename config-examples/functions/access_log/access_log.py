"""Turns lines of a web server's log into JSON; runs on AWS Lambda as it is."""

import base64
import json
import os
import re

LINE = re.compile(
    r'(?P<host>\S+) \S+ (?P<user>\S+) \[[^\]]+\] "(?P<method>\S+) (?P<path>\S+)[^"]*" '
    r"(?P<status>\d{3}) (?P<bytes>\d+|-)"
)


def handler(event, context):
    return {"records": [answer(record) for record in event["records"]]}


def answer(record):
    line = LINE.match(base64.b64decode(record["data"]).decode())
    if line is None:
        return {"recordId": record["recordId"], "result": "ProcessingFailed", "data": record["data"]}
    if line["path"] == "/health":
        return {"recordId": record["recordId"], "result": "Dropped", "data": record["data"]}
    row = {
        "host": line["host"],
        "user": None if line["user"] == "-" else line["user"],
        "method": line["method"],
        "path": line["path"],
        "status": int(line["status"]),
        "bytes": 0 if line["bytes"] == "-" else int(line["bytes"]),
        "site": os.environ["SITE"],
    }
    return {
        "recordId": record["recordId"],
        "result": "Ok",
        "data": base64.b64encode(json.dumps(row).encode()).decode(),
        "metadata": {"partitionKeys": {"status": line["status"][0] + "xx"}},
    }
