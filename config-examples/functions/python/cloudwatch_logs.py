"""Takes the log messages out of what CloudWatch Logs sends to a subscription.

Each record is one gzip-compressed JSON envelope. The messages of its log events become the record, one per line.
Envelopes that say nothing but that the subscription works are dropped.
"""

import base64
import gzip
import json
import zlib


def transform(record):
    try:
        envelope = json.loads(gzip.decompress(base64.b64decode(record["data"])))
        kind = envelope["messageType"]
        if kind == "CONTROL_MESSAGE":
            return {"recordId": record["recordId"], "result": "Dropped"}
        if kind != "DATA_MESSAGE":
            return failed(record)
        lines = "".join(event["message"] + "\n" for event in envelope["logEvents"])
    except (EOFError, KeyError, OSError, TypeError, ValueError, zlib.error):
        return failed(record)
    return {
        "recordId": record["recordId"],
        "result": "Ok",
        "data": base64.b64encode(lines.encode("utf-8")).decode("ascii"),
    }


def failed(record):
    return {"recordId": record["recordId"], "result": "ProcessingFailed", "data": record["data"]}


def handler(event, context):
    return {"records": [transform(record) for record in event["records"]]}
