"""canaries.py <cloud file> <log file>…: whether numbers of people lie where none may be, after the tests have been there.

Looks for ID, mobile and bank card numbers in the functions' logs, in every key and plain attribute of every table, in the keys of
objects, in dead letters, and in the log files named, which hold the addresses that were asked for. First plants one of each kind in
each place and counts a plant that is not found as a failure: a search that is blind finds nothing either. Prints where, never what.
"""

import json
import re
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "local"))

from cloud import Cloud  # noqa: E402

# Digits that stand alone: a part of an id, a hash or a longer number is none of these.
ALONE = r"(?<![0-9A-Za-z])(?:{})(?![0-9A-Za-z])"
ID_NUMBER = re.compile(ALONE.format(r"[1-9]\d{16}[0-9Xx]"))
MOBILE = re.compile(ALONE.format(r"(?:\+?86)?1[3-9]\d{9}"))
# Cards begin with 3 to 6; instants in microseconds and nanoseconds, which are as long, with 1.
CARD = re.compile(ALONE.format(r"[3-6]\d{15,18}"))
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

# Attributes that hold such numbers of offices, which payment notices print, and not of people.
OF_OFFICES = {"collection_account", "telephone"}
# Numbers of nobody that are formed as somebody's.
PLANTS = {"ID number": "110101190001010073", "mobile number": "13900000000", "card number": "6222000000000000004"}
PLANT = "canary"
# How MiniStack shows a text message in its log: there it is the provider, who must have the number.
TO_PROVIDER = "[sns] SNS SMS to"
# How long a dead letter that was looked at stays out of sight.
HIDDEN_S = 20


def is_id_number(text: str) -> bool:
    """GB 11643: the last character is ISO 7064 MOD 11-2 of the others, and the birthday is a day."""
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(text, ID_WEIGHTS)) % 11]
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return text[-1].upper() == check


def is_card_number(text: str) -> bool:
    """Luhn."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(text))]
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0


def kinds(text: str) -> set[str]:
    """The kinds of numbers in a text."""
    found = set()
    if any(is_id_number(number) for number in ID_NUMBER.findall(text)):
        found.add("ID number")
    if MOBILE.search(text):
        found.add("mobile number")
    if any(is_card_number(number) for number in CARD.findall(text)):
        found.add("card number")
    return found


def hidden(text: str) -> str:
    """A place, without the digits that may be somebody's."""
    return re.sub(r"\d{6,}", lambda digits: digits[0][:2] + "…", text)[:160]


def told(content: str, place: str) -> Iterator[tuple[str, str]]:
    """A text; what is kept as JSON – an answer that is given again – by its parts, so that offices' numbers are known."""
    if not content.startswith(("{", "[")):
        yield place, content
        return
    try:
        yield from parts(json.loads(content), place)
    except ValueError:
        yield place, content


def parts(value: object, place: str) -> Iterator[tuple[str, str]]:
    """The texts and numbers in JSON, with their places."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in OF_OFFICES:
                yield place, name
                yield from parts(inner, f"{place}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from parts(inner, f"{place}[]")
    else:
        yield place, str(value)


def texts(value: dict, place: str) -> Iterator[tuple[str, str]]:
    """The texts and numbers in an attribute as DynamoDB writes it, with their places; what is sealed is bytes."""
    [(kind, content)] = value.items()
    if kind in ("S", "N"):
        yield from told(content, place)
    elif kind == "M":
        for name, inner in content.items():
            if name not in OF_OFFICES:
                yield place, name
                yield from texts(inner, f"{place}.{name}")
    elif kind == "L":
        for inner in content:
            yield from texts(inner, f"{place}[]")
    elif kind in ("SS", "NS"):
        yield from ((place, text) for text in content)


class Search:
    """Everything that is looked at, as (place, where there, text)."""

    def __init__(self, cloud: Cloud, files: list[str]) -> None:
        self.cloud, self.files, self.seen = cloud, files, {}

    def texts(self) -> Iterator[tuple[str, str, str]]:
        for search in (self.logs, self.tables, self.objects, self.letters, self.lines):
            for place, where, text in search():
                self.seen[place] = self.seen.get(place, 0) + 1
                yield place, where, text

    def logs(self) -> Iterator[tuple[str, str, str]]:
        logs = self.cloud.client("logs")
        for name, function in self.cloud.functions.items():
            try:
                for page in logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{function}"):
                    yield from (("log", name, event["message"]) for event in page["events"])
            except logs.exceptions.ResourceNotFoundException:
                continue  # it was never called

    def tables(self) -> Iterator[tuple[str, str, str]]:
        for name, table in self.cloud.tables.items():
            for page in self.cloud.client("dynamodb").get_paginator("scan").paginate(TableName=table):
                for item in page["Items"]:
                    key = f"{item.pop('pk')['S']} / {item.pop('sk')['S']}"
                    yield "key", name, key
                    for place, text in texts({"M": item}, f"{name} {key} "):
                        yield "attribute", place, text

    def objects(self) -> Iterator[tuple[str, str, str]]:
        for name, bucket in self.cloud.buckets.items():
            for page in self.cloud.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket):
                yield from (("object", name, entry["Key"]) for entry in page.get("Contents", []))

    def letters(self) -> Iterator[tuple[str, str, str]]:
        sqs = self.cloud.client("sqs")
        for name, url in self.cloud.dead_letters.items():
            # Nobody else reads them meanwhile, and they are there again a moment later.
            while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=HIDDEN_S).get("Messages", []):
                yield from (("dead letter", name, letter["Body"]) for letter in found)

    def lines(self) -> Iterator[tuple[str, str, str]]:
        for file in self.files:
            with open(file, errors="replace") as lines:
                yield from (("line of a file", Path(file).name, line) for line in lines if TO_PROVIDER not in line)


class Plants:
    """One number of each kind in each place of the cloud, while it is searched."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud, self.text = cloud, " ".join(PLANTS.values())
        self.group = f"/aws/lambda/{next(iter(cloud.functions.values()))}"
        self.key = {"pk": {"S": f"{PLANT}#{self.text}"}, "sk": {"S": PLANT}}
        self.runtime, self.bucket = cloud.tables["runtime"], cloud.buckets["documents"]
        self.queue = next(iter(cloud.dead_letters.values()))

    def __enter__(self) -> set[tuple[str, str]]:
        cloud = self.cloud
        logs = cloud.client("logs")
        logs.create_log_stream(logGroupName=self.group, logStreamName=PLANT)
        event = {"timestamp": int(time.time() * 1000), "message": f"{PLANT} {self.text}"}
        logs.put_log_events(logGroupName=self.group, logStreamName=PLANT, logEvents=[event])
        cloud.client("dynamodb").put_item(TableName=self.runtime, Item=self.key | {"doc": {"M": {PLANT: {"S": self.text}}}})
        cloud.client("s3").put_object(Bucket=self.bucket, Key=f"{PLANT} {self.text}", Body=b"")
        cloud.client("sqs").send_message(QueueUrl=self.queue, MessageBody=f"{PLANT} {self.text}")
        return {(place, kind) for place in ("log", "key", "attribute", "object", "dead letter") for kind in PLANTS}

    def __exit__(self, *_) -> None:
        cloud = self.cloud
        cloud.client("logs").delete_log_stream(logGroupName=self.group, logStreamName=PLANT)
        cloud.client("dynamodb").delete_item(TableName=self.runtime, Key=self.key)
        cloud.client("s3").delete_object(Bucket=self.bucket, Key=f"{PLANT} {self.text}")
        time.sleep(HIDDEN_S + 1)
        sqs = cloud.client("sqs")
        while letters := sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", []):
            for letter in (letter for letter in letters if letter["Body"].startswith(PLANT)):
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=letter["ReceiptHandle"])


def self_test() -> None:
    """What the finder takes for a number of a person, and what not."""
    for kind, number in PLANTS.items():
        for text in (number, f"/units?mobile={number}&x=1", f'{{"n":"{number}"}}', f"S#{number}", f"号码{number}。"):
            assert kinds(text) == {kind}, f"a planted {kind} is not found"
    for text in ("110101190001010074", "110101190013010073", "6222000000000000003", "1764295245123456", "01KB4Z13900000000Q", "12900000000"):
        assert not kinds(text), f"taken for a number of a person: {text}"
    answer = json.dumps({"telephone": PLANTS["mobile number"], "of": [{"mobile": PLANTS["ID number"]}]})
    found = set().union(*(kinds(text) for _, text in texts({"S": answer}, "")))
    assert found == {"ID number"}, "a number of a person is found in an answer, and an office's is not"


def main() -> None:
    self_test()
    cloud = Cloud(sys.argv[1])
    search, found, leaks = Search(cloud, sys.argv[2:]), set(), {}
    with Plants(cloud) as planted:
        for place, where, text in search.texts():
            for kind in kinds(text):
                if PLANT in text or PLANT in where:
                    found.add((place, kind))
                else:
                    leaks.setdefault((place, kind, hidden(where)), hidden(text))
    print(f"   looked at {', '.join(f'{count} × {place}' for place, count in search.seen.items())}")
    for place, kind, where in sorted(leaks):
        print(f"   {kind}, {place}: {where}: {leaks[place, kind, where]}")
    if planted - found:
        sys.exit(f"not found though planted: {sorted(planted - found)}")
    if leaks:
        sys.exit(f"{len(leaks)} places hold numbers of people")


if __name__ == "__main__":
    main()
