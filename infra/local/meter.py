"""meter.py <cloud file>: stands between the functions and the local cloud, and counts what AWS would bill.

Prints its address. `GET /_meter` answers with what was counted since the last time: calls by service and action, read and
write units of DynamoDB, those of index entries apart, and the functions' memory over time in GB-seconds, by the durations they
log. An emulator charges every call one unit, so units are worked out as AWS does, from the sizes of the items: 4 KB to a read
unit and 1 KB to a write unit, half a read unit where staleness is allowed, twice the write units in a transaction, and a write
for each entry of an index that changes. The functions get their own address back when standard input ends.
"""

import http.client
import json
import math
import re
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cloud import Cloud

DYNAMODB = "DynamoDB_20120810."
# Writes whose item is looked at, of each table without indexes; the others are taken to be as large as the largest of them.
LOOKED_AT = 200
# What a query is asked again without, to see all it read.
LEFT_OUT = {"FilterExpression", "ProjectionExpression", "Select", "ReturnConsumedCapacity"}
# Headers of one connection only.
OF_THE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length"}


def size(value: dict) -> int:
    """Bytes of an attribute's value, by DynamoDB's rules."""
    [(kind, content)] = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return math.ceil(len(content.lstrip("-").replace(".", "")) / 2) + 1
        case "B":
            return len(content) if isinstance(content, bytes) else len(content) * 3 // 4
        case "M":
            return 3 + sum(1 + len(name.encode()) + size(inner) for name, inner in content.items())
        case "L":
            return 3 + sum(1 + size(inner) for inner in content)
        case "SS" | "NS" | "BS":
            return sum(size({kind[0]: inner}) for inner in content)
        case _:
            return 1


def item_size(item: dict | None) -> int:
    return sum(len(name.encode()) + size(value) for name, value in (item or {}).items())


def read_units(read: int, consistent: bool) -> float:
    return max(1, math.ceil(read / 4096)) * (1.0 if consistent else 0.5)


def write_units(written: int) -> int:
    return max(1, math.ceil(written / 1024))


class Table:
    """The indexes of a table, and how large its items were."""

    def __init__(self, described: dict) -> None:
        names = lambda schema: [key["AttributeName"] for key in schema]
        self.keys, self.looked_at, self.largest = names(described["KeySchema"]), 0, 0
        self.indexes = [
            (names(index["KeySchema"]), index["Projection"]) for index in described.get("GlobalSecondaryIndexes", [])
        ]

    def entry(self, item: dict | None, keys: list[str], projection: dict) -> dict | None:
        """The item as an index holds it; none where it lacks the index's keys."""
        if item is None or any(key not in item for key in keys):
            return None
        if projection["ProjectionType"] == "ALL":
            return item
        held = {*self.keys, *keys, *projection.get("NonKeyAttributes", [])}
        return {name: value for name, value in item.items() if name in held}

    def index_units(self, before: dict | None, after: dict | None) -> int:
        units = 0
        for keys, projection in self.indexes:
            old, new = self.entry(before, keys, projection), self.entry(after, keys, projection)
            if old and new and all(old[key] == new[key] for key in keys):
                units += write_units(max(item_size(old), item_size(new))) if old != new else 0
            else:
                units += sum(write_units(item_size(entry)) for entry in (old, new) if entry)
        return units


class Meter:
    def __init__(self, cloud: Cloud) -> None:
        self.lock, self.counts, self.tables = threading.Lock(), Counter(), {}
        self.dynamodb, self.logs = cloud.client("dynamodb"), cloud.client("logs")
        functions = cloud.client("lambda")
        self.memory_gb = {
            name: functions.get_function_configuration(FunctionName=name)["MemorySize"] / 1024 for name in cloud.functions.values()
        }
        self.read_until_ms = int(time.time() * 1000)

    def add(self, what: str, count: float = 1) -> None:
        with self.lock:
            self.counts[what] += count

    def take(self) -> dict[str, float]:
        with self.lock:
            counts, self.counts = self.counts, Counter()
        return dict(counts) | {"GB-seconds": self.memory_over_time()}

    def memory_over_time(self) -> float:
        """GB-seconds of what the functions' logs say since the last time."""
        since, self.read_until_ms = self.read_until_ms, int(time.time() * 1000)
        total = 0.0
        for name, memory_gb in self.memory_gb.items():
            span = {"startTime": since, "endTime": self.read_until_ms - 1}
            try:
                pages = list(self.logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{name}", **span))
            except self.logs.exceptions.ResourceNotFoundException:
                continue  # it was never called
            for event in (event for page in pages for event in page["events"]):
                if '"duration_ms"' in event["message"]:
                    line = json.loads(event["message"])
                    total += memory_gb * (line.get("fields") or line)["duration_ms"] / 1000
        return total

    def table(self, name: str) -> Table:
        if name not in self.tables:
            self.tables[name] = Table(self.dynamodb.describe_table(TableName=name)["Table"])
        return self.tables[name]

    def item(self, name: str, key: dict) -> dict | None:
        return self.dynamodb.get_item(TableName=name, Key=key, ConsistentRead=True).get("Item")

    # What a call writes: (table, key, how often its units count) ---------------------------------------------------------

    def written(self, action: str, call: dict) -> list[tuple[str, dict, int]]:
        if action == "TransactWriteItems":
            return [self.target(*operation, 2) for step in call["TransactItems"] for operation in step.items()]
        if action in ("PutItem", "UpdateItem", "DeleteItem"):
            return [self.target(action, call, 1)]
        return []

    def target(self, action: str, call: dict, times: int) -> tuple[str, dict, int]:
        name = call["TableName"]
        key = call.get("Key") or {key: call["Item"][key] for key in self.table(name).keys}
        return name, key, times

    def look(self, targets: list[tuple[str, dict, int]]) -> list[dict | None]:
        """The items as they are now; none looked at where a table has shown enough of them."""
        shown = lambda name: not self.table(name).indexes and self.table(name).looked_at >= LOOKED_AT
        return [None if shown(name) else self.item(name, key) for name, key, _ in targets]

    def add_writes(self, targets: list, before: list, after: list) -> None:
        for (name, _, times), old, new in zip(targets, before, after):
            table = self.table(name)
            written = max(item_size(old), item_size(new))
            table.looked_at, table.largest = table.looked_at + 1, max(table.largest, written)
            self.add("write units", times * write_units(written or table.largest))
            self.add("index units", table.index_units(old, new))

    # What a call reads ---------------------------------------------------------------------------------------------------

    def add_reads(self, action: str, call: dict, reply: dict) -> None:
        if action == "GetItem":
            self.add("read units", read_units(item_size(reply.get("Item")), call.get("ConsistentRead", False)))
        elif action == "BatchGetItem":
            for name, asked in call["RequestItems"].items():
                sizes = [item_size(item) for item in reply.get("Responses", {}).get(name, [])]
                sizes += [0] * (len(asked["Keys"]) - len(sizes))
                units = sum(read_units(one, asked.get("ConsistentRead", False)) for one in sizes)
                self.add("read units", units)
                self.add("looked up", len(asked["Keys"]))
        elif action in ("Query", "Scan"):
            kind = "count units" if call.get("Select") == "COUNT" else "read units"
            self.add(kind, read_units(self.read_by(action, call, reply), call.get("ConsistentRead", False)))

    def read_by(self, action: str, call: dict, reply: dict) -> int:
        """Bytes that a query went through, also those it left out of its answer."""
        items = reply.get("Items", [])
        if LEFT_OUT & call.keys():
            again = {name: value for name, value in call.items() if name not in LEFT_OUT}
            # Names and values that nothing mentions any longer are refused.
            mentioned = re.findall(r"[#:]\w+", call.get("KeyConditionExpression", ""))
            for kind in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
                left = {name: value for name, value in again.pop(kind, {}).items() if name in mentioned}
                again |= {kind: left} if left else {}
            ask = self.dynamodb.query if action == "Query" else self.dynamodb.scan
            items = ask(**again)["Items"][: reply.get("ScannedCount")]
        return sum(item_size(item) for item in items)


class Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    meter: Meter
    cloud: str
    upstream = threading.local()

    def log_message(self, *_) -> None:
        """Requests are counted, not listed."""

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/_meter":
            self.answer(200, [("Content-Type", "application/json")], json.dumps(self.meter.take()).encode())
            return
        target = self.headers.get("X-Amz-Target", "")
        call = json.loads(body) if target.startswith(DYNAMODB) else {}
        action = target.removeprefix(DYNAMODB)
        written = self.meter.written(action, call)
        before = self.meter.look(written)
        status, headers, content = self.forward(body)
        self.meter.add(f"{self.service(target, body)} calls")
        if call and status == 200:
            self.meter.add_reads(action, call, json.loads(content))
        if written:
            self.meter.add_writes(written, before, self.meter.look(written) if status == 200 else before)
        self.answer(status, headers, content)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_any

    def service(self, target: str, body: bytes) -> str:
        """`DynamoDB Query`, `SQS SendMessage`, `S3 GET`: what is called."""
        if target:
            service, action = target.rsplit(".", 1)
            return f"{'DynamoDB' if target.startswith(DYNAMODB) else service.removeprefix('Amazon')} {action}"
        if self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            return f"SNS {parse_qs(body.decode()).get('Action', ['?'])[0]}"
        return f"S3 {self.command}"

    def forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in OF_THE_CONNECTION}
        headers["Content-Length"] = str(len(body))
        for attempt in (1, 2):
            # A connection that was idle may have been closed; the second one is new.
            connection = getattr(self.upstream, "connection", None) or http.client.HTTPConnection(urlsplit(self.cloud).netloc)
            self.upstream.connection = connection
            try:
                connection.request(self.command, self.path, body, headers)
                reply = connection.getresponse()
                return reply.status, reply.getheaders(), reply.read()
            except (http.client.HTTPException, OSError):
                connection.close()
                self.upstream.connection = None
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in OF_THE_CONNECTION:
                self.send_header(name, value)
        length = next((value for name, value in headers if name.lower() == "content-length"), None)
        self.send_header("Content-Length", length if self.command == "HEAD" and length else str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def redirect(cloud: Cloud, address: str) -> None:
    """Tells every function where AWS is spoken."""
    functions = cloud.client("lambda")
    for name in cloud.functions.values():
        variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": variables | {"AWS_ENDPOINT_URL": address}}
        )


def main() -> None:
    cloud = Cloud(sys.argv[1])
    Proxy.meter, Proxy.cloud = Meter(cloud), cloud.endpoint
    server = Server(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    redirect(cloud, address)
    try:
        print(address, flush=True)
        sys.stdin.read()
    finally:
        redirect(cloud, cloud.endpoint)


if __name__ == "__main__":
    main()
