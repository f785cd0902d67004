"""The function of a proof. It answers differently each time it is asked.

A record says in its member "fate" what it is to become: "keep" and "misfit" are kept with a nonce at the end, "drop" is
dropped, "fail" fails, and "waver" is kept or fails by chance. The nonce also decides about the partition key. Now and
then the function throws or its process ends instead.
"""

import base64
import json
import os
import random
import secrets


def transform(record):
    data = base64.b64decode(record["data"])
    try:
        fate = json.loads(data)["fate"]
    except ValueError:
        fate = "fail"
    if fate == "drop":
        return {"recordId": record["recordId"], "result": "Dropped"}
    if fate == "fail" or fate == "waver" and random.random() < 0.5:
        return {"recordId": record["recordId"], "result": "ProcessingFailed", "data": record["data"]}
    nonce = secrets.token_hex(8)
    kept = data[:-1] + b',"nonce":"%s"}' % nonce.encode("ascii")
    return {
        "recordId": record["recordId"],
        "result": "Ok",
        "data": base64.b64encode(kept).decode("ascii"),
        "metadata": {"partitionKeys": {"shard": str(int(nonce[0], 16) % 3)}},
    }


def handler(event, context):
    chance = random.random()
    if chance < 0.02:
        os._exit(1)
    if chance < 0.08:
        raise RuntimeError("this happens now and then")
    return {"records": [transform(record) for record in event["records"]]}
