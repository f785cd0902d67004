"""Compares what a producer heard with what is in the store."""

import glob
import gzip
import json
import zlib
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Sent:
    """Every name that was sent, by what was heard of it."""
    accepted: set = field(default_factory=set)
    refused: set = field(default_factory=set)
    unanswered: list = field(default_factory=list)  # one set for each call
    streams: dict = field(default_factory=dict)  # of each call
    wrong: list = field(default_factory=list)  # answers that are none


def sent(folder):
    """Reads the notes of a producer, those of its earlier starts too."""
    result = Sent()
    for path in sorted(glob.glob(f"{folder}/notes-*")):
        open_calls = {}
        with open(path, encoding="utf-8") as notes:
            for line in notes:
                if not line.endswith("\n"):
                    continue  # the producer was killed while it wrote
                word, call, *rest = line.split()
                if word == "T":
                    result.streams[call], open_calls[call] = rest[0], int(rest[1])
                    continue
                names = [f"{call}:{index}" for index in range(open_calls.pop(call))]
                if word == "A":
                    mask = rest[0] if rest else ""
                    if len(mask) != len(names):
                        result.wrong.append(f"the call {call} of {len(names)} records was answered for {len(mask)}")
                    # What no answer tells of may be there.
                    result.unanswered += [{name} for name in names[len(mask):]]
                    for name, heard in zip(names, mask):
                        (result.accepted if heard == "1" else result.refused).add(name)
                else:
                    # An error may follow a write that stays, as no answer may, so neither says anything of the records.
                    result.unanswered.append(set(names))
        for call, number in open_calls.items():
            result.unanswered.append({f"{call}:{index}" for index in range(number)})
    return result


@dataclass
class Landed:
    """What is in the store."""
    found: Counter = field(default_factory=Counter)  # how often each name
    streams: dict = field(default_factory=dict)  # that each name is in
    wrong: list = field(default_factory=list)


def add(landed, key, body):
    """One object: STREAM/[customer=CUSTOMER/]NAME, with a record on each line."""
    stream, *folders = key.split("/")[:-1]
    partition = dict(folder.split("=", 1) for folder in folders if "=" in folder)
    for line in (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).splitlines():
        record = json.loads(line)
        name = record["id"]
        landed.found[name] += 1
        landed.streams.setdefault(name, set()).add(stream)
        if zlib.crc32(record["text"].encode()) != record["sum"]:
            landed.wrong.append(f"{name} has other bytes")
        for of, value in partition.items():
            if record.get(of) != value:
                landed.wrong.append(f"{name} of the {of} {record.get(of)} is in {key}")


def landed(s3, bucket):
    """Reads every object, and says what is wrong with objects."""
    result, versions = Landed(), Counter()
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for version in page.get("Versions", []):
            versions[version["Key"]] += 1
        for marker in page.get("DeleteMarkers", []):
            result.wrong.append(f"{marker['Key']} was deleted")
    for key, number in versions.items():
        if number != 1:
            result.wrong.append(f"{key} has {number} versions")
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        if key.startswith("errors/"):
            result.wrong.append(f"{key} is an error output: {body[:200]}")
        else:
            add(result, key, body)
    return result


@dataclass
class Result:
    accepted: int
    landed: int
    unanswered: int
    lost: list
    twice: list
    wrong: list

    @property
    def right(self):
        return not (self.lost or self.twice or self.wrong)


def compare(heard, there):
    """Accepted: exactly once. Unanswered: a call as a whole, once or not at all. Nothing else, and nothing that was refused.
    And each in the stream that it was put into."""
    wrong, found = heard.wrong + there.wrong, there.found
    maybe = set().union(*heard.unanswered) if heard.unanswered else set()
    for call in heard.unanswered:
        number = sum(1 for name in call if found[name])
        if number not in (0, len(call)):
            wrong.append(f"of the call of {min(call)}, which had no answer, {number} of {len(call)} records are there")
    for name in found:
        if name in heard.refused:
            wrong.append(f"{name} was refused and is there")
        elif name not in heard.accepted and name not in maybe:
            wrong.append(f"nobody sent {name}")
    for name, streams in there.streams.items():
        put_into = heard.streams.get(name.rsplit(":", 1)[0])
        if put_into is not None and streams != {put_into}:
            wrong.append(f"{name} was put into {put_into} and is in {', '.join(sorted(streams))}")
    return Result(
        accepted=len(heard.accepted), landed=sum(found.values()), unanswered=len(maybe),
        lost=sorted(name for name in heard.accepted if not found[name]),
        twice=sorted(name for name, times in found.items() if times > 1), wrong=wrong)
