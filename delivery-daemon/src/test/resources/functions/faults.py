"""A function with faults, for tests: the first record of an event says which one. Any other event is answered as it is.

NOTES names a folder in which it writes down what a test wants to know, and in which it looks for what to do.
"""

import base64
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

NOTES = os.environ["NOTES"]
before = []


def note(name, text):
    with open(os.path.join(NOTES, name + ".part"), "w") as out:
        out.write(text)
    os.rename(os.path.join(NOTES, name + ".part"), os.path.join(NOTES, name))


def told(name):
    return os.path.exists(os.path.join(NOTES, name))


if told("broken"):
    sys.exit(3)
if told("slow"):
    time.sleep(3)


def same(event):
    return {
        "records": [
            {"recordId": record["recordId"], "result": "Ok", "data": record["data"]} for record in event["records"]
        ]
    }


def hang(event):
    time.sleep(3600)


def crash(event):
    os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(3600)


def exit_0(event):
    os._exit(0)


def huge(event):
    answer = same(event)
    answer["records"][0]["data"] = "A" * (100 << 20)
    return answer


def not_base64(event):
    answer = same(event)
    for record in answer["records"]:
        record["data"] = "*not base64*"
    return answer


def flood(event):
    line = "a line of a flood " * 10 + "\n"
    for _ in range(1000):
        sys.stderr.write(line * 100)
    sys.stderr.flush()
    return same(event)


def other_request(event):
    """Answers a request that is not its own, and then the event before instead of this one."""
    api = "http://%s/2018-06-01/runtime/invocation/00000000-0000-4000-8000-000000000000/response"
    request = urllib.request.Request(api % os.environ["AWS_LAMBDA_RUNTIME_API"], data=b'{"records":[]}')
    try:
        with urllib.request.urlopen(request) as answer:
            note("status", str(answer.status))
    except urllib.error.HTTPError as refused:
        note("status", str(refused.code))
    return before[0]


def children(event):
    pids = []
    for number in range(20):
        child = subprocess.Popen(["sleep", "3600"], start_new_session=number % 2 == 0)
        pids.append(str(child.pid))
    note("children-" + str(os.getpid()), " ".join(pids))
    time.sleep(3600)


def look_around(event):
    answer = same(event)
    seen = "\n".join(sorted(os.environ) + ["cwd " + os.getcwd()])
    answer["records"][0]["data"] = base64.b64encode(seen.encode("utf-8")).decode("ascii")
    return answer


FAULTS = {
    "hang": hang,
    "crash": crash,
    "exit 0": exit_0,
    "huge": huge,
    "not base64": not_base64,
    "flood": flood,
    "other request": other_request,
    "children": children,
    "look around": look_around,
}


def handler(event, context):
    wish = base64.b64decode(event["records"][0]["data"]).decode("utf-8").partition(":")[0]
    answer = FAULTS.get(wish, same)(event)
    before[:] = [same(event)]
    return answer
