"""Ends each record with a line feed. By itself it serves the same by HTTP, and prints its port."""

import base64
import http.server
import json
import socketserver


def transform(record):
    data = base64.b64decode(record["data"]) + b"\n"
    return {"recordId": record["recordId"], "result": "Ok", "data": base64.b64encode(data).decode("ascii")}


def handler(event, context):
    return {"records": [transform(record) for record in event["records"]]}


class Invocations(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps(handler(event, None)).encode("utf-8")
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            pass  # the other side has ended

    def log_message(self, *words):
        pass


class Processes(socketserver.ForkingMixIn, http.server.HTTPServer):
    """A process for each connection, as the runtime has one for each event."""


if __name__ == "__main__":
    with Processes(("127.0.0.1", 0), Invocations) as server:
        print(server.server_port, flush=True)
        server.serve_forever()
