"""S3: browser uploads with a POST policy, conditional writes, versions, notifications."""

import json
import time
import uuid
import urllib.error
import urllib.parse
import urllib.request

from probe import Cloud, check, eventually, probe, refused


def post(form: dict, content: bytes, **changed: str) -> int:
    """Sends a browser's form; returns the status."""
    boundary = uuid.uuid4().hex
    fields = form["fields"] | {name.replace("_", "-"): value for name, value in changed.items()}
    head = "".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    head += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    request = urllib.request.Request(form["url"], body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        return error.code


def form(cloud: Cloud, bucket: str, seconds: int = 60) -> dict:
    """May upload 1 to 1000 bytes of a PNG to one key."""
    return cloud.client("s3").generate_presigned_post(
        bucket, "incoming/roster/a.png", Fields={"Content-Type": "image/png"},
        Conditions=[["content-length-range", 1, 1000], {"Content-Type": "image/png"}], ExpiresIn=seconds,
    )


@probe
def a_post_policy_lets_the_right_upload_in(cloud: Cloud) -> None:
    bucket = cloud.bucket()
    status = post(form(cloud, bucket), b"x" * 1000)
    check(status in (200, 201, 204), f"answered {status}")
    check(cloud.client("s3").head_object(Bucket=bucket, Key="incoming/roster/a.png")["ContentLength"] == 1000, "other length stored")


def refuses(name: str, content: bytes, statuses: tuple[int, ...], **changed: str) -> None:
    def refusal(cloud: Cloud) -> None:
        status = post(form(cloud, cloud.bucket()), content, **changed)
        check(status in statuses, f"answered {status}")

    refusal.__name__ = f"a_post_policy_refuses_{name}"
    probe(refusal)


refuses("a_larger_file", b"x" * 1001, (400,))
refuses("an_empty_file", b"", (400,))
refuses("another_key", b"x", (403,), key="incoming/roster/b.png")
refuses("another_type", b"x", (403,), Content_Type="text/html")
refuses("a_field_it_does_not_name", b"x", (403,), acl="public-read")
refuses("a_changed_signature", b"x", (403,), x_amz_signature="0" * 64)


@probe
def a_post_policy_refuses_after_its_time(cloud: Cloud) -> None:
    late = form(cloud, cloud.bucket(), seconds=1)
    time.sleep(2.5)
    check((status := post(late, b"x")) == 403, f"answered {status}")


@probe
def if_none_match_writes_once(cloud: Cloud) -> None:
    objects, bucket = cloud.client("s3"), cloud.bucket()
    write = lambda: objects.put_object(Bucket=bucket, Key="a", Body=b"x", IfNoneMatch="*")
    write()
    refused(write, "PreconditionFailed")


@probe
def versions_are_kept(cloud: Cloud) -> None:
    objects, bucket = cloud.client("s3"), cloud.bucket()
    objects.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = objects.put_object(Bucket=bucket, Key="a", Body=b"1")["VersionId"]
    objects.put_object(Bucket=bucket, Key="a", Body=b"2")
    check(objects.get_object(Bucket=bucket, Key="a", VersionId=first)["Body"].read() == b"1", "the first version is lost")


@probe
def a_notification_keeps_to_its_prefix(cloud: Cloud) -> None:
    objects, queues, bucket, (url, arn) = cloud.client("s3"), cloud.client("sqs"), cloud.bucket(), cloud.queue()
    allow = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
    queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [allow]})})
    rule = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}}}
    objects.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [rule]})
    keys: list[str] = []
    for key in ("out/a", "in/名 册"):
        objects.put_object(Bucket=bucket, Key=key, Body=b"x")

    def arrived() -> bool:
        for message in queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", []):
            # Configuring a bucket sends a test event without Records.
            keys.extend(record["s3"]["object"]["key"] for record in json.loads(message["Body"]).get("Records", []))
        return bool(keys)

    eventually(arrived, "an event arrived")
    check([urllib.parse.unquote_plus(key) for key in keys] == ["in/名 册"] and " " not in keys[0], f"events for {keys}")
