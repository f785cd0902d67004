"""Runs a Lambda function written in Python: asks the Runtime API for events and gives it answers.

The interface, the handler's name, the context object and the shape of errors are those that the AWS
Lambda Developer Guide documents ("Using the Lambda runtime API", "Define Lambda function handler in
Python", "Using the Lambda context object").
"""

import decimal
import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback

API = "/2018-06-01/runtime"


class Gone(Exception):
    """Nobody gives this process events any more: it is to end."""


class Connection:
    """One kept-alive connection to the Runtime API."""

    def __init__(self):
        # Waits for events as long as it takes, whatever socket.setdefaulttimeout the function calls.
        self._connection = http.client.HTTPConnection(
            os.environ["AWS_LAMBDA_RUNTIME_API"], timeout=None
        )
        self._has_given_events = False

    def _request(self, method, path, body=None, headers=None):
        self._connection.request(method, API + path, body, headers or {})
        answer = self._connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def next(self):
        status, headers, body = self._next_of_either()
        if status == 410:
            raise Gone()
        if status != 200:
            raise RuntimeError("The Runtime API gave no event: %d %s" % (status, body))
        self._has_given_events = True
        return headers, body

    def _next_of_either(self):
        try:
            return self._request("GET", "/invocation/next")
        except (OSError, http.client.HTTPException):
            # A connection that was ended behind an answer says so with the next request only.
            self._connection.close()
        try:
            return self._request("GET", "/invocation/next")
        except (ConnectionError, http.client.HTTPException):
            if self._has_given_events:
                raise Gone() from None
            raise

    def post(self, path, body, headers=None):
        headers = dict(headers or {})
        headers["Content-Type"] = "application/json"
        try:
            self._request("POST", path, body, headers)
        except (OSError, http.client.HTTPException):
            # More than may be is not read to its end. Whoever asked knows, the next event follows.
            self._connection.close()


class Identity:
    """Who called through Amazon Cognito: nobody ever does here."""

    def __init__(self):
        self.cognito_identity_id = None
        self.cognito_identity_pool_id = None


class Context:
    """What a handler learns about its invocation."""

    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.identity = Identity()
        self.client_context = None
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))
        sys.stdout.flush()


class Failure(Exception):
    """The function cannot be used at all."""

    def __init__(self, error_type, message):
        super().__init__(message)
        self.error_type = error_type


def report(error_type, message, frames=()):
    text = json.dumps(
        {"errorMessage": message, "errorType": error_type, "stackTrace": list(frames)}
    )
    # The body has it as well: a header takes no other characters.
    fits = all("!" <= c <= "~" for c in error_type)
    return text.encode(), {"Lambda-Runtime-Function-Error-Type": error_type} if fits else {}


def report_of(error):
    # The first frame is this file's.
    frames = traceback.extract_tb(error.__traceback__)[1:]
    return report(type(error).__name__, str(error), traceback.format_list(frames))


def load(handler):
    """The function that a handler's name means: folders and module, then the function."""
    module_name, dot, function_name = handler.rpartition(".")
    if not dot or not module_name or not function_name:
        raise Failure(
            "Runtime.MalformedHandlerName", "Bad handler '%s': it is not module.function" % handler
        )
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        traceback.print_exc()
        raise Failure(
            "Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module_name, error)
        ) from error
    except SyntaxError as error:
        traceback.print_exc()
        raise Failure(
            "Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module_name, error)
        ) from error
    function = getattr(module, function_name, None)
    if not callable(function):
        raise Failure(
            "Runtime.HandlerNotFound",
            "Handler '%s' missing on module '%s'" % (function_name, module_name),
        )
    return function


def plain(value):
    """What json does not know by itself: the numbers that the AWS SDK gives."""
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


def encoded(answer):
    try:
        return json.dumps(answer, default=plain, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return json.dumps(answer, default=plain).encode()


class Lines(logging.Formatter):
    """Log lines as they are on Lambda: level, time in UTC, request id, message."""

    converter = time.gmtime
    request_id = ""

    def format(self, record):
        record.aws_request_id = Lines.request_id
        return super().format(record)


def prepare_logging():
    # Functions rely on a root logger that has a handler.
    lines = logging.StreamHandler(sys.stdout)
    lines.setFormatter(
        Lines(
            "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s",
            "%Y-%m-%dT%H:%M:%S",
        )
    )
    logging.getLogger().addHandler(lines)


def answer_one(connection, function):
    headers, event = connection.next()
    context = Context(headers)
    Lines.request_id = context.aws_request_id
    trace = headers.get("Lambda-Runtime-Trace-Id")
    if trace:
        os.environ["_X_AMZN_TRACE_ID"] = trace
    path = "/invocation/" + context.aws_request_id
    try:
        answer = function(json.loads(event), context)
    except Exception as error:  # and not SystemExit: that ends the process, as on Lambda
        traceback.print_exc()
        connection.post(path + "/error", *report_of(error))
        return
    try:
        body = encoded(answer)
    except Exception as error:
        traceback.print_exc()
        text = "Unable to marshal response: %s" % error
        connection.post(path + "/error", *report("Runtime.MarshalError", text))
        return
    del answer
    connection.post(path + "/response", body)


def main():
    # In place of the folder of this file.
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    prepare_logging()
    connection = Connection()
    try:
        function = load(os.environ["_HANDLER"])
    except Failure as failure:
        connection.post("/init/error", *report(failure.error_type, str(failure)))
        sys.exit(1)
    except Exception as error:
        traceback.print_exc()
        connection.post("/init/error", *report_of(error))
        sys.exit(1)
    try:
        while True:
            answer_one(connection, function)
    except Gone:
        sys.exit(1)  # and says nothing: whoever has ended the Runtime API knows
    except (OSError, http.client.HTTPException) as error:
        print("The Runtime API cannot be asked for an event: %s" % error, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
