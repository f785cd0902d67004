"""Adds the stage of deployment to JSON objects with a customer, and says by which customer and day they are partitioned."""

import base64
import datetime
import json
import os


def transform(record):
    try:
        value = json.loads(base64.b64decode(record["data"]).decode("utf-8"))
        customer = value["customer"]
    except (KeyError, TypeError, ValueError):
        customer = None
    if not isinstance(customer, str):
        return {"recordId": record["recordId"], "result": "ProcessingFailed", "data": record["data"]}
    arrival = datetime.datetime.fromtimestamp(
        record["approximateArrivalTimestamp"] / 1000, tz=datetime.timezone.utc
    )
    value["stage"] = os.environ.get("STAGE", "unknown")
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return {
        "recordId": record["recordId"],
        "result": "Ok",
        "data": base64.b64encode(text.encode("utf-8")).decode("ascii"),
        "metadata": {"partitionKeys": {"customer": customer, "day": arrival.strftime("%Y-%m-%d")}},
    }


def handler(event, context):
    return {"records": [transform(record) for record in event["records"]]}
