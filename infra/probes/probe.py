"""What probes share: clients, names, a function to trigger, and removing everything again."""

import io
import json
import os
import time
import uuid
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

PROBES: list[Callable] = []


def probe(function: Callable) -> Callable:
    PROBES.append(function)
    return function


def check(holds: bool, what: object) -> None:
    if not holds:
        raise AssertionError(what)


def refused(call: Callable, *codes: str) -> dict:
    """The answer of a call that must be refused with one of `codes`."""
    try:
        call()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        check(code in codes, f"refused with {code}, not {' or '.join(codes)}")
        return error.response
    raise AssertionError(f"accepted, not refused with {' or '.join(codes)}")


def eventually(condition: Callable, what: str, seconds: float = 40) -> None:
    until = time.monotonic() + seconds
    while not condition():
        check(time.monotonic() < until, f"after {seconds} s still not: {what}")
        time.sleep(0.3)


class Cloud:
    def __init__(self) -> None:
        self.endpoint = os.environ.get("AWS_ENDPOINT_URL")
        self.region = os.environ["AWS_REGION"]
        self._clean_up: list[Callable] = []

    def client(self, service: str, credentials: dict | None = None):
        keys = {} if credentials is None else {
            "aws_access_key_id": credentials["AccessKeyId"],
            "aws_secret_access_key": credentials["SecretAccessKey"],
            "aws_session_token": credentials.get("SessionToken"),
        }
        config = Config(retries={"total_max_attempts": 1}, max_pool_connections=32, signature_version="s3v4" if service == "s3" else None)
        return boto3.client(service, region_name=self.region, config=config, **keys)

    def is_ministack(self) -> bool:
        return self.local("/_ministack/health") is not None

    def local(self, path: str) -> dict | None:
        """What an emulator shows under an address of its own."""
        if self.endpoint is None:
            return None
        try:
            with urllib.request.urlopen(self.endpoint + path, timeout=5) as reply:
                return json.load(reply)
        except (OSError, ValueError):
            return None

    def name(self) -> str:
        return f"probe-{uuid.uuid4().hex[:10]}"

    def afterwards(self, call: Callable) -> None:
        self._clean_up.append(call)

    def clean_up(self) -> None:
        for call in reversed(self._clean_up):
            try:
                call()
            except ClientError as error:
                print(f"   left behind: {error}")
        self._clean_up.clear()

    # Things to probe with --------------------------------------------------------------------------------------------

    def table(self, attributes: str = "", indexes: dict[str, tuple[str, str]] | None = None, **more) -> str:
        """A table with keys pk and sk; `indexes`: name → (hash, range)."""
        name, tables = self.name(), self.client("dynamodb")
        key = lambda pk, sk: [{"AttributeName": pk, "KeyType": "HASH"}, {"AttributeName": sk, "KeyType": "RANGE"}]
        if indexes:
            more["GlobalSecondaryIndexes"] = [
                {"IndexName": index, "KeySchema": key(*keys), "Projection": {"ProjectionType": "ALL"}} for index, keys in indexes.items()
            ]
        tables.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in ["pk", "sk", *attributes.split()]],
            KeySchema=key("pk", "sk"),
            **more,
        )
        self.afterwards(lambda: tables.delete_table(TableName=name))
        tables.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
        return name

    def bucket(self) -> str:
        name, objects = self.name(), self.client("s3")
        where = {} if self.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": self.region}}
        objects.create_bucket(Bucket=name, **where)

        def remove() -> None:
            for version in objects.list_object_versions(Bucket=name).get("Versions", []):
                objects.delete_object(Bucket=name, Key=version["Key"], VersionId=version["VersionId"])
            objects.delete_bucket(Bucket=name)

        self.afterwards(remove)
        return name

    def queue(self, **attributes: str) -> tuple[str, str]:
        """(URL, ARN)"""
        queues = self.client("sqs")
        url = queues.create_queue(QueueName=self.name(), Attributes=attributes)["QueueUrl"]
        self.afterwards(lambda: queues.delete_queue(QueueUrl=url))
        return url, queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def role(self, *statements: dict) -> tuple[str, str]:
        """(name, ARN) of a role that functions and this account may take, with these statements."""
        name, iam = self.name(), self.client("iam")
        account = self.client("sts").get_caller_identity()["Account"]
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com", "AWS": account}, "Action": "sts:AssumeRole"}
        document = lambda *content: json.dumps({"Version": "2012-10-17", "Statement": content})
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
        self.afterwards(lambda: iam.delete_role(RoleName=name))
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="probe", PolicyDocument=document(*statements))
            self.afterwards(lambda: iam.delete_role_policy(RoleName=name, PolicyName="probe"))
        if not self.endpoint:
            time.sleep(12)  # IAM spreads its news slowly
        return name, arn

    def function(self, *statements: dict) -> tuple[str, str]:
        """(name, ARN) of the function in bootstrap.sh."""
        name, functions = self.name(), self.client("lambda")
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            entry = zipfile.ZipInfo("bootstrap")
            entry.external_attr = 0o755 << 16
            archive.writestr(entry, (Path(__file__).parent / "bootstrap.sh").read_text())
        logs = {"Effect": "Allow", "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}
        arn = functions.create_function(
            FunctionName=name, Runtime="provided.al2023", Handler="bootstrap", Role=self.role(logs, *statements)[1],
            Code={"ZipFile": code.getvalue()}, Timeout=10,
            Environment={"Variables": {"AWS_ENDPOINT_URL": self.endpoint}} if self.endpoint else {},
        )["FunctionArn"]
        self.afterwards(lambda: functions.delete_function(FunctionName=name))
        functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
        return name, arn

    def feed(self, function: str, source: str, **more) -> None:
        """Lets `function` read `source`, with partial batches."""
        functions = self.client("lambda")
        mapping = functions.create_event_source_mapping(
            FunctionName=function, EventSourceArn=source, FunctionResponseTypes=["ReportBatchItemFailures"], **more
        )["UUID"]
        self.afterwards(lambda: functions.delete_event_source_mapping(UUID=mapping))

    def log_of(self, function: str) -> str:
        try:
            pages = self.client("logs").get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{function}")
            return "\n".join(event["message"] for page in pages for event in page["events"])
        except ClientError:
            return ""

    def depth(self, url: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        return sum(map(int, self.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values()))
