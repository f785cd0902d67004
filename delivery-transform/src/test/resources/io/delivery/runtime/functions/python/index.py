"""Obeys its event: what each does is told in InvokerContract."""

import os
import sys
import time


def handler(event, context):
    action = event["do"]
    if action == "echo":
        return event["text"]
    if action == "length":
        return len(event["text"])
    if action == "fill":
        return "x" * event["size"]
    if action == "request":
        return context.aws_request_id
    if action == "throw":
        raise ValueError(event["text"])
    if action == "exit":
        sys.exit(0)
    if action == "hang":
        time.sleep(3600)
    if action == "complain":
        print(event["text"], file=sys.stderr)
        return event["text"]
    if action == "environment":
        return dict(os.environ)
    if action == "context":
        return {
            "function": context.function_name,
            "version": context.function_version,
            "memory": context.memory_limit_in_mb,
            "arn": context.invoked_function_arn,
            "group": context.log_group_name,
            "stream": context.log_stream_name,
            "remaining": context.get_remaining_time_in_millis(),
            "folder": os.getcwd(),
        }
    raise KeyError(action)
