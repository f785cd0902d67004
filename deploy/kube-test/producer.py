#!/usr/bin/env python3
"""Puts records with an unchanged boto3, and notes what it heard.

The SDK may not send a call again by itself: a call whose answer was lost may be there, and sent again it would be there
twice, as the API allows. So each attempt has names of its own, and each name has one fate that can be checked:

    T CALL STREAM NUMBER    is about to be sent, so many records
    A CALL MASK             answered 200; 1 for each record that was accepted, 0 for one that was not
    R CALL CODE             answered with an error
    U CALL                  no answer

A record is a JSON object with its name (CALL:INDEX), a customer, a text, and the checksum of the text.

Environment: ENDPOINT, OUT (a folder), STREAMS (names, comma), THREADS, BATCH, PAUSE (seconds between calls of a thread).
While OUT/pause exists nothing is sent; OUT/idle exists when every thread has noticed.
"""

import json
import os
import random
import threading
import time
import zlib

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

OUT = os.environ["OUT"]
STREAMS = os.environ["STREAMS"].split(",")
THREADS, BATCH, PAUSE = int(os.environ["THREADS"]), int(os.environ["BATCH"]), float(os.environ["PAUSE"])
BEGUN = int(time.time() * 1000)
NOTES = os.open(f"{OUT}/notes-{BEGUN}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)


def note(*words):
    os.write(NOTES, (" ".join(map(str, words)) + "\n").encode())


def record(name, chance):
    text = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz ", k=chance.randint(100, 900)))
    customer = f"c{chance.randint(1, 3)}"
    return {"Data": json.dumps({"id": name, "customer": customer, "sum": zlib.crc32(text.encode()), "text": text})}


def send(firehose, call, stream, chance):
    note("T", call, stream, BATCH)
    records = [record(f"{call}:{index}", chance) for index in range(BATCH)]
    try:
        answer = firehose.put_record_batch(DeliveryStreamName=stream, Records=records)
        note("A", call, "".join("0" if "ErrorCode" in each else "1" for each in answer["RequestResponses"]))
        return answer["FailedPutCount"] == 0
    except ClientError as refused:
        note("R", call, refused.response["Error"]["Code"])
    except BotoCoreError:
        note("U", call)
    return False


def produce(thread, paused):
    firehose = boto3.client("firehose", endpoint_url=os.environ["ENDPOINT"], config=Config(
        retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=20))
    chance, number = random.Random(f"{BEGUN}-{thread}"), 0
    while True:
        if os.path.exists(f"{OUT}/pause"):
            paused[thread] = True
            time.sleep(0.2)
            continue
        paused[thread] = False
        number += 1
        went = send(firehose, f"{BEGUN}-{thread}-{number}", STREAMS[number % len(STREAMS)], chance)
        time.sleep(PAUSE if went else max(PAUSE, 0.5))


def main():
    paused = [False] * THREADS
    for thread in range(THREADS):
        threading.Thread(target=produce, args=(thread, paused), daemon=True).start()
    while True:
        idle = all(paused) and os.path.exists(f"{OUT}/pause")
        if idle:
            open(f"{OUT}/idle", "w").close()
        elif os.path.exists(f"{OUT}/idle"):
            os.remove(f"{OUT}/idle")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
