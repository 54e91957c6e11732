"""SQS, Lambda, streams, HTTP API, SES and SNS."""

import json
import urllib.error
import urllib.request

from probe import Cloud, check, eventually, probe
from probe_tables import S, key

READ_QUEUES = {"Effect": "Allow", "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], "Resource": "*"}
READ_STREAMS = {"Effect": "Allow", "Action": ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"], "Resource": "*"}


@probe
def a_poisoned_message_is_given_up_and_the_rest_is_done(cloud: Cloud) -> None:
    queues, (dead_url, dead_arn) = cloud.client("sqs"), cloud.queue()
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, arn = cloud.queue(VisibilityTimeout="10", RedrivePolicy=redrive)
    bodies = [f"good {number}" for number in range(4)] + ["poison"] + [f"good {number}" for number in range(4, 9)]
    queues.send_message_batch(QueueUrl=url, Entries=[{"Id": str(index), "MessageBody": body} for index, body in enumerate(bodies)])
    function, _ = cloud.function(READ_QUEUES)
    cloud.feed(function, arn, BatchSize=10)
    eventually(lambda: cloud.depth(dead_url) == 1 and cloud.depth(url) == 0, "one dead letter, nothing left", 90)
    dead = queues.receive_message(QueueUrl=dead_url)["Messages"][0]["Body"]
    check(dead == "poison", f"{dead!r} was given up")
    log = cloud.log_of(function)
    check(log.count('"body": "poison"') + log.count('"body":"poison"') == 2, "the poison was not delivered exactly twice")
    check(all(log.count(f'"{body}"') == 1 for body in bodies if body != "poison"), "a good message was delivered again")


@probe
def a_message_that_is_put_off_waits_and_counts(cloud: Cloud) -> None:
    queues, (dead_url, dead_arn) = cloud.client("sqs"), cloud.queue()
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, arn = cloud.queue(VisibilityTimeout="300", RedrivePolicy=redrive)
    check(queues.get_queue_url(QueueName=arn.rsplit(":", 1)[1])["QueueUrl"] == url, "the queue has another address")
    queues.send_message(QueueUrl=url, MessageBody="busy")

    def received() -> dict | None:
        answer = queues.receive_message(QueueUrl=url, AttributeNames=["ApproximateReceiveCount"])
        return next(iter(answer.get("Messages", [])), None)

    def put_off(message: dict, seconds: int) -> None:
        queues.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=seconds)

    put_off(received(), 3)
    check(received() is None, "the message came before its time")
    again: list[dict] = []
    eventually(lambda: bool(again.extend(filter(None, [received()])) or again), "the message comes again")
    check(again[0]["Attributes"]["ApproximateReceiveCount"] == "2", "the deliveries are not counted")
    put_off(again[0], 0)
    check(received() is None, "the message came once more than it may")
    eventually(lambda: cloud.depth(dead_url) == 1, "given up at once")


@probe
def a_stream_feeds_inserts_only(cloud: Cloud) -> None:
    tables = cloud.client("dynamodb")
    table = cloud.table(StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    stream = tables.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    function, _ = cloud.function(READ_STREAMS)
    inserts = {"Filters": [{"Pattern": json.dumps({"eventName": ["INSERT"]})}]}
    cloud.feed(function, stream, StartingPosition="TRIM_HORIZON", BatchSize=10, FilterCriteria=inserts)
    tables.put_item(TableName=table, Item=key("a"))
    tables.put_item(TableName=table, Item=key("a") | {"changed": S("x")})
    tables.delete_item(TableName=table, Key=key("a"))
    tables.put_item(TableName=table, Item=key("b"))
    eventually(lambda: cloud.log_of(function).count("INSERT") == 2, "two inserts arrived", 90)
    check(not any(event in cloud.log_of(function) for event in ("MODIFY", "REMOVE")), "the filter lets other events through")


@probe
def an_http_api_routes_by_method_and_path(cloud: Cloud) -> None:
    apis, (_, arn) = cloud.client("apigatewayv2"), cloud.function()
    api = apis.create_api(Name=cloud.name(), ProtocolType="HTTP")
    cloud.afterwards(lambda: apis.delete_api(ApiId=api["ApiId"]))
    integration = apis.create_integration(ApiId=api["ApiId"], IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0")
    apis.create_route(ApiId=api["ApiId"], RouteKey="GET /enrolments/{enrolment}", Target=f"integrations/{integration['IntegrationId']}")
    apis.create_stage(ApiId=api["ApiId"], StageName="$default", AutoDeploy=True)
    account = cloud.client("sts").get_caller_identity()["Account"]
    cloud.client("lambda").add_permission(
        FunctionName=arn, StatementId="api", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{cloud.region}:{account}:{api['ApiId']}/*",
    )
    base = f"{cloud.endpoint}/_aws/execute-api/{api['ApiId']}/$default" if cloud.endpoint else api["ApiEndpoint"]

    def status(method: str, path: str) -> int:
        try:
            with urllib.request.urlopen(urllib.request.Request(base + path, method=method), timeout=20) as reply:
                return reply.status
        except urllib.error.HTTPError as error:
            return error.code

    eventually(lambda: status("GET", "/enrolments/1") == 200, "the route answers")
    check(status("DELETE", "/enrolments/1") == 404 and status("GET", "/enrolments") == 404, "routes that do not exist answer")


@probe
def dead_letters_move_back(cloud: Cloud) -> None:
    queues, (dead_url, dead_arn) = cloud.client("sqs"), cloud.queue()
    cloud.queue(RedrivePolicy=json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 1}))
    queues.start_message_move_task(SourceArn=dead_arn)


@probe
def a_raw_mail_is_sent(cloud: Cloud) -> None:
    if not cloud.endpoint:
        return  # nobody is mailed from a real account
    mail = cloud.client("sesv2")
    mail.create_email_identity(EmailIdentity="probe.example")
    cloud.afterwards(lambda: mail.delete_email_identity(EmailIdentity="probe.example"))
    content = "From: a@probe.example\r\nTo: b@probe.example\r\nSubject: =?utf-8?B?5pS25o2u?=\r\n\r\nhello".encode()
    sent = mail.send_email(FromEmailAddress="a@probe.example", Destination={"ToAddresses": ["b@probe.example"]}, Content={"Raw": {"Data": content}})
    if cloud.is_ministack():
        listed = [message for messages in cloud.local("/_ministack/ses/messages")["messages"].values() for message in messages]
        check(any(message["MessageId"].startswith(sent["MessageId"]) and message["Subject"] == "收据" for message in listed), listed[-1:])


@probe
def a_text_message_is_sent(cloud: Cloud) -> None:
    if not cloud.endpoint:
        return  # nobody is texted from a real account
    sent = cloud.client("sns").publish(PhoneNumber="+8613800138000", Message="【互助保障】您的验证码")
    if cloud.is_ministack():
        listed = cloud.local("/_ministack/sns/sms-messages")["sms_messages"]["+8613800138000"]
        check(listed[-1]["MessageId"] == sent["MessageId"] and "验证码" in listed[-1]["Message"], listed[-1])
