"""fuzz.py <cloud file> [seed]: schemathesis sends thousands of requests, well-formed and malformed, to every route of docs/openapi.json.

Run with accounts of four roles. Where a request names something by its id, mostly a thing that is there, so that rules answer and
not only parsers. Every answer must be one the document describes; every error a problem with a code and a Chinese sentence. Prints
how many calls were made and what broke; ends with 1 when anything did, or when there were too few calls.

What it changes stays changed – accounts are closed, settings overwritten –, so it belongs at the end of a cloud's life.
"""

import random
import re
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

sys.path.append(str(Path(__file__).parents[1] / "local"))

from cloud import Cloud  # noqa: E402

DOCUMENT = Path(__file__).parents[2] / "docs/openapi.json"
PASSWORD = "Huzhu-Baozhang-2026"
# A unit's handler, administrator, supervisor, and who keeps the plans.
ACCOUNTS = ["zhangsan", "tangguanli", "zhengzhuguan", "tanghuodong"]
CALLS_MIN = 5_000
# Cases of a route, a way of generating and an account in each round.
CASES = 4
# Less than four minutes on two cores that nobody else uses; longest before something is wrong.
SECONDS_MAX = 600
SEED = 20_261_128
# How often a generated value gives way to one that means something.
MEANINGFUL = 0.7
CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")

# Where ids are found that the account may see: name of the parameter → (request, place of the list, field).
FOUND = {
    "enrolment": ("/enrolments?limit=100", "items", "id"),
    "unit": ("/units?limit=100", "items", "id"),
    "account": ("/accounts?limit=100", "items", "id"),
    "node": ("/nodes", None, "id"),
    "office": ("/offices", None, "id"),
    "code": ("/plan-variants", None, "code"),
    "message": ("/messages?limit=100", "items", "id"),
    "export": ("/exports", "items", "id"),
    "restriction": ("/restricted-people", "items", "id"),
    "registration": ("/tasks?level=registration", "tasks.items", "registration"),
    "task": ("/tasks?level=first-review", "tasks.items", "id"),
}
# What the seed puts there, for what has no list or a list that the account may not read; and values that pass the first rules.
SEEDED = {
    "unit": ["unit-qishan-1"],
    "account": ["zhangsan", "wangchushen", "dengjihong"],
    "node": ["2602", "2602-3", "2602-3-1"],
    "office": ["2602"],
    "agency": ["2602-3-1"],
    "parent": ["2602-3", "2602"],
    "code": ["hospital-a", "women-25"],
    "plan": ["hospital-a"],
    "plan_code": ["hospital-a"],
    "version": ["2025"],
    "level": ["first-review", "second-review", "final-review", "payment", "archive", "registration"],
    "role": ["enrolment-first-reviewer", "finance", "supervisor"],
    "state": ["drafting", "invoicing,awaiting-payment", "completed"],
    "from": ["2026-01-01"],
    "to": ["2026-12-31"],
    "effective_from": ["2099-01-01"],
    "id_number": ["11010519491231002X"],
    "mobile": ["13800138000"],
    "reason": ["测试"],
}
# Query parameters of these names are paths in the tree, not ids.
PATHS = {"node": ["/hq/2602/", "/hq/2602/2602-3/2602-3-1/", "/hq/2602/2602-3/2602-3-1/unit-qishan-1/"]}


class Account:
    """A session of an account, with what it can see to ask about."""

    def __init__(self, cloud: Cloud, name: str) -> None:
        self.name, self.api, self.statuses = name, cloud.api, Counter()
        self.session = requests.Session()
        captcha = self.session.post(f"{self.api}/captchas", json={}).json()["id"]
        # The API never tells the answer; whoever runs the cloud can look it up.
        key = {"pk": {"S": f"TICKET#captcha#{captcha}"}, "sk": {"S": "TICKET"}}
        item = cloud.client("dynamodb").get_item(TableName=cloud.tables["runtime"], Key=key)["Item"]
        answer = {"id": captcha, "answer": item["doc"]["M"]["holds"]["S"]}
        body = {"user_name": name, "password": PASSWORD, "captcha": answer}
        reply = self.session.post(f"{self.api}/sessions", json=body)
        reply.raise_for_status()
        self.session.headers["Authorization"] = f"Bearer {reply.json()['access_token']}"
        self.known = {name: list(values) for name, values in SEEDED.items()}
        self.versions: dict[str, str] = {}
        self.look_around()

    def look_around(self) -> None:
        for name, (request, place, field) in FOUND.items():
            reply = self.session.get(self.api + request)
            if reply.status_code != 200:
                continue
            found = reply.json()
            for step in place.split(".") if place else []:
                found = found[step]
            self.known.setdefault(name, []).extend(item[field] for item in found if item.get(field))
        for enrolment in self.known.get("enrolment", [])[:20]:
            reply = self.session.get(f"{self.api}/enrolments/{enrolment}")
            view = reply.json()
            self.note(enrolment, reply)
            for name, things in (("upload", view.get("attachments", []) + view.get("batches", [])), ("task", [{"id": view.get("task")}])):
                ids = (thing.get("upload") or thing.get("id") for thing in things)
                self.known.setdefault(name, []).extend(id for id in ids if id)

    def note(self, thing: str, reply) -> None:
        """Remembers the version in which something was seen, for `If-Match`."""
        tag = reply.headers.get("ETag")
        if tag:
            self.versions[thing] = tag

    def meant(self, chance: random.Random, values: dict, of: dict[str, list[str]]) -> None:
        """Puts meaningful values in the place of some generated ones, at any depth."""
        for name, value in values.items():
            if isinstance(value, dict):
                self.meant(chance, value, of)
            elif isinstance(value, list):
                for item in value:
                    if isinstance(item, dict):
                        self.meant(chance, item, of)
            elif isinstance(value, str) and of.get(name) and chance.random() < MEANINGFUL:
                values[name] = chance.choice(of[name])

    def ask(self, case: schemathesis.Case, chance: random.Random) -> tuple[schemathesis.Response | None, str]:
        """Sends a case, changed to mean something; answers with what a function answered and what it was about."""
        self.meant(chance, case.path_parameters or {}, self.known)
        for name, value in (case.path_parameters or {}).items():
            # The gateway decodes the path before a function sees it: these would end it, or part it otherwise.
            case.path_parameters[name] = re.sub(r"[?#/%]", "-", value) if isinstance(value, str) else value
        if isinstance(case.query, dict):
            self.meant(chance, case.query, self.known | PATHS)
        if isinstance(case.body, dict):
            self.meant(chance, case.body, self.known)
        thing = next(iter((case.path_parameters or {}).values()), "")
        version = self.versions.get(thing)
        if version and case.headers and "If-Match" in case.headers and chance.random() < MEANINGFUL:
            case.headers["If-Match"] = version
        reply = case.call(base_url=self.api, session=self.session, timeout=30)
        # What the gateway answers itself – an address it cannot route – no function has seen.
        ours = "x-request-id" in reply.headers
        self.statuses[reply.status_code if ours else "by the gateway"] += 1
        return (reply if ours else None), thing


def is_a_problem(_context, reply: schemathesis.Response, _case: schemathesis.Case) -> None:
    """Every error is a problem (RFC 9457) of the answer's status, with a stable code and a Chinese sentence."""
    if reply.status_code < 400:
        return
    kinds = reply.headers.get("content-type", [])
    assert kinds == ["application/problem+json"], f"an error of type {kinds}"
    problem = reply.json()
    code, detail = problem["code"], problem["detail"]
    assert problem["status"] == reply.status_code, f"a problem of status {problem['status']}"
    assert CODE.fullmatch(code), f"a code of another form: {code}"
    assert problem["type"] == f"/problems/{code.lower().replace('_', '-')}", f"a type that is not the code: {problem['type']}"
    for text in (problem["title"], detail, *(error["detail"] for error in problem.get("errors", []))):
        assert CHINESE.search(text), f"not a Chinese sentence: {text}"
    for error in problem.get("errors", []):
        assert CODE.fullmatch(error["code"]), f"a code of another form: {error['code']}"
    assert problem["instance"].startswith("urn:request:"), "no request to ask support about"


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    is_a_problem,
]


class Findings:
    """What broke, each kind once for a route, with the first request that showed it."""

    def __init__(self) -> None:
        self.first: dict[tuple[str, str], str] = {}
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, account: Account, case: schemathesis.Case, reply: schemathesis.Response, failure: Exception) -> None:
        what = f"{reply.status_code} {getattr(failure, 'title', type(failure).__name__)}: {' '.join(str(failure).split())[:200]}"
        shown = f"{account.name} sent {case.method} {reply.request.url}\n      {str(reply.request.body)[:300]}\n      {reply.text[:300]}"
        self.counts[case.operation.label, what] += 1
        self.first.setdefault((case.operation.label, what), shown)

    def merge(self, other: "Findings") -> None:
        self.counts += other.counts
        self.first = other.first | self.first

    def show(self) -> None:
        for (route, what), shown in sorted(self.first.items()):
            print(f"   {route}: {what} ({self.counts[route, what]} times)\n      {shown}")


class Course(NamedTuple):
    """What came of the calls of one account."""

    name: str
    statuses: Counter
    rounds: int
    findings: Findings

    @property
    def calls(self) -> int:
        return self.statuses.total() - self.statuses["by the gateway"]


def fuzz(file: str, name: str, start: int) -> Course:
    """Rounds over all routes in an order of the account's own: one at least, and on until its share of the calls is made."""
    began, findings = time.monotonic(), Findings()
    schema = schemathesis.openapi.from_path(DOCUMENT)
    operations = [result.ok() for result in schema.get_all_operations()]
    account = Account(Cloud(file), name)
    rounds = 0
    course = lambda: Course(name, account.statuses, rounds, findings)
    while True:
        turn = f"{start} {name} {rounds}"
        for operation in random.Random(turn).sample(operations, len(operations)):
            for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
                done = rounds and course().calls >= CALLS_MIN / len(ACCOUNTS)
                if done or time.monotonic() - began > SECONDS_MAX:
                    return course()
                round_of(account, operation, mode, f"{turn} {operation.label} {mode.value}", findings)
        rounds += 1


def round_of(account: Account, operation, mode, turn: str, findings: Findings) -> None:
    chance = random.Random(turn)

    def one(case: schemathesis.Case) -> None:
        reply, thing = account.ask(case, chance)
        if reply is None:
            return
        if case.method == "GET" and reply.status_code == 200:
            account.note(thing, reply)
        try:
            case.validate_response(reply, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                findings.add(account, case, reply, failure)

    quiet = settings(
        max_examples=CASES, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    try:
        quiet(seed(chance.random())(given(case=operation.as_strategy(generation_mode=mode))(one)))()
    except Unsatisfiable:
        # Some routes take nothing that could be malformed.
        pass


def main() -> None:
    file, start = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    began, findings = time.monotonic(), Findings()
    with ProcessPoolExecutor(len(ACCOUNTS)) as processes:
        courses = list(processes.map(partial(fuzz, file, start=start), ACCOUNTS))
    for course in courses:
        statuses = ", ".join(f"{status}: {count}" for status, count in sorted(course.statuses.items(), key=str))
        print(f"   {course.name:14}{course.calls:6} calls   {statuses}")
        findings.merge(course.findings)
    findings.show()
    calls, seconds = sum(course.calls for course in courses), time.monotonic() - began
    print(f"   {calls} calls in {seconds:.0f} s, seed {start}: {len(findings.first)} findings")
    if calls < CALLS_MIN or not all(course.rounds for course in courses):
        sys.exit(f"fewer than {CALLS_MIN} calls, or not every route with every account, within {SECONDS_MAX} s")
    if findings.first:
        sys.exit("the API does not do what docs/openapi.json says")


if __name__ == "__main__":
    main()
