"""Writes the elements of a JSON array one per line.

A function gives back one record for each that it got, so the lines stay together in that record. An empty array is
dropped, and what is no array stays as it is.
"""

import base64
import json


def transform(record):
    try:
        value = json.loads(base64.b64decode(record["data"]).decode("utf-8"))
    except ValueError:
        return {"recordId": record["recordId"], "result": "ProcessingFailed", "data": record["data"]}
    if not isinstance(value, list):
        return {"recordId": record["recordId"], "result": "Ok", "data": record["data"]}
    if not value:
        return {"recordId": record["recordId"], "result": "Dropped"}
    lines = "".join(json.dumps(element, separators=(",", ":"), ensure_ascii=False) + "\n" for element in value)
    return {
        "recordId": record["recordId"],
        "result": "Ok",
        "data": base64.b64encode(lines.encode("utf-8")).decode("ascii"),
    }


def handler(event, context):
    return {"records": [transform(record) for record in event["records"]]}
