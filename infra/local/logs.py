"""logs.py <cloud file> <function | all> <once | follow>: log lines of the functions, oldest first."""

import sys
import time
from datetime import datetime

from cloud import Cloud

path, function, mode = sys.argv[1:]
cloud = Cloud(path)
logs = cloud.client("logs")
if function != "all" and function not in cloud.functions:
    sys.exit(f"no such function: {function}. There are: {', '.join(sorted(cloud.functions))}")
chosen = {name: full for name, full in cloud.functions.items() if function in ("all", name)}


def new_lines(since_ms: int) -> list[tuple[int, str, str]]:
    lines = []
    for name, full in chosen.items():
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{full}", startTime=since_ms)
        lines += [(event["timestamp"], name, event["message"].rstrip()) for page in pages for event in page["events"]]
    return sorted(lines, key=lambda line: line[0])


since_ms = 0
try:
    while True:
        for timestamp, name, message in new_lines(since_ms):
            print(f"{datetime.fromtimestamp(timestamp / 1000):%H:%M:%S.%f}"[:-3], f"{name:18}", message, flush=True)
            since_ms = timestamp + 1
        if mode == "once":
            break
        time.sleep(1)
except KeyboardInterrupt:
    pass
