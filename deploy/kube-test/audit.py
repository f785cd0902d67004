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
                    open_calls[call] = int(rest[1])
                    continue
                names = [f"{call}:{index}" for index in range(open_calls.pop(call))]
                if word == "A":
                    for name, mask in zip(names, rest[0]):
                        (result.accepted if mask == "1" else result.refused).add(name)
                else:
                    # An error may follow a write that stays, as no answer may, so neither says anything of the records.
                    result.unanswered.append(set(names))
        for call, number in open_calls.items():
            result.unanswered.append({f"{call}:{index}" for index in range(number)})
    return result


def landed(s3, bucket):
    """How often each name is in the store, and what is wrong with objects."""
    found, wrong, versions = Counter(), [], Counter()
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for version in page.get("Versions", []):
            versions[version["Key"]] += 1
        for marker in page.get("DeleteMarkers", []):
            wrong.append(f"{marker['Key']} was deleted")
    for key, number in versions.items():
        if number != 1:
            wrong.append(f"{key} has {number} versions")
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        if key.startswith("errors/"):
            wrong.append(f"{key} is an error output: {body[:200]}")
            continue
        for line in (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).splitlines():
            record = json.loads(line)
            found[record["id"]] += 1
            if zlib.crc32(record["text"].encode()) != record["sum"]:
                wrong.append(f"{record['id']} has other bytes")
    return found, wrong


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


def compare(heard, found, wrong):
    """Accepted: exactly once. Unanswered: a call as a whole, once or not at all. Nothing else, and nothing that was refused."""
    wrong = list(wrong)
    maybe = set().union(*heard.unanswered) if heard.unanswered else set()
    for call in heard.unanswered:
        there = sum(1 for name in call if found[name])
        if there not in (0, len(call)):
            wrong.append(f"of the call of {min(call)}, which had no answer, {there} of {len(call)} records are there")
    for name in found:
        if name in heard.refused:
            wrong.append(f"{name} was refused and is there")
        elif name not in heard.accepted and name not in maybe:
            wrong.append(f"nobody sent {name}")
    return Result(
        accepted=len(heard.accepted), landed=sum(found.values()), unanswered=len(maybe),
        lost=sorted(name for name in heard.accepted if not found[name]),
        twice=sorted(name for name, times in found.items() if times > 1), wrong=wrong)
