"""Rules that infra/template.yaml must keep. Prints each broken one; ends with 1 when there is any.

They look at the template as AWS sees it: loops unrolled, `!If [InAws, a, b]` taken as a.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
# Actions that name no resource, in AWS's own reference. sns:Publish to a telephone number has none either; topics are denied beside it.
WITHOUT_RESOURCE = {"xray:PutTraceSegments", "xray:PutTelemetryRecords", "sns:Publish"}


class Loader(yaml.SafeLoader):
    """Reads !Sub, !GetAtt … as the long forms."""


def intrinsic(loader: Loader, tag: str, node: yaml.Node) -> dict:
    read = {yaml.ScalarNode: loader.construct_scalar, yaml.SequenceNode: lambda n: loader.construct_sequence(n, deep=True)}
    value = read.get(type(node), lambda n: loader.construct_mapping(n, deep=True))(node)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


Loader.add_multi_constructor("!", intrinsic)


def expand(node: object, bound: dict[str, str]) -> object:
    """`node` with loops unrolled and loop variables filled in."""
    if isinstance(node, list):
        return [expand(item, bound) for item in node]
    if isinstance(node, str):
        return node
    if not isinstance(node, dict):
        return node
    if set(node) == {"Fn::If"}:
        condition, then, otherwise = node["Fn::If"]
        return expand(then if condition == "InAws" else otherwise, bound)
    if set(node) == {"Ref"}:
        name = expand(node["Ref"], bound)
        return bound.get(name, {"Ref": name})
    if set(node) == {"Fn::Sub"} and isinstance(node["Fn::Sub"], str):
        text = fill(node["Fn::Sub"], bound)
        return text if "${" not in text else {"Fn::Sub": text}
    result: dict = {}
    for name, value in node.items():
        if name.startswith("Fn::ForEach::"):
            variable, values, body = value
            for item in values:
                result |= expand(body, bound | {variable: item})
        else:
            result[fill(name, bound)] = expand(value, bound)
    if set(result) == {"Fn::FindInMap"}:
        table, row, column = result["Fn::FindInMap"]
        return TEMPLATE["Mappings"][table][row][column]
    return result


def fill(text: str, bound: dict[str, str]) -> str:
    for variable, value in bound.items():
        text = text.replace(f"${{{variable}}}", value).replace(f"&{{{variable}}}", re.sub(r"\W|_", "", value))
    return text


TEMPLATE = yaml.load((ROOT / "infra/template.yaml").read_text(), Loader)
RESOURCES: dict[str, dict] = expand(TEMPLATE["Resources"], {})
NAMES = {logical: row["Name"] for logical, row in TEMPLATE["Mappings"]["Functions"].items()}
BROKEN: list[str] = []


def rule(holds: bool, sentence: str) -> None:
    if not holds:
        BROKEN.append(sentence)


def of_type(kind: str) -> dict[str, dict]:
    return {name: resource["Properties"] for name, resource in RESOURCES.items() if resource["Type"] == kind}


def target(reference: object) -> str | None:
    """The logical name that a Ref, GetAtt or Sub points to."""
    match reference:
        case {"Ref": name} | {"Fn::GetAtt": [name, *_]}:
            return name
        case {"Fn::Sub": str(text)} if found := re.search(r"\$\{(\w+)", text):
            return found[1]
    return None


def statements() -> Iterator[tuple[str, dict]]:
    for name, policy in of_type("AWS::IAM::Policy").items():
        yield from ((name, statement) for statement in policy["PolicyDocument"]["Statement"])
    for name, role in of_type("AWS::IAM::Role").items():
        yield from ((name, statement) for policy in role.get("Policies", []) for statement in policy["PolicyDocument"]["Statement"])


def as_list(value: object) -> list:
    return value if isinstance(value, list) else [value]


FUNCTIONS = of_type("AWS::Serverless::Function")
QUEUES = of_type("AWS::SQS::Queue")
ALARMED = {target(dimension["Value"]) or dimension["Value"] for alarm in of_type("AWS::CloudWatch::Alarm").values() for dimension in alarm["Dimensions"]}


def folders_and_functions() -> None:
    folders = {folder.name for folder in (ROOT / "functions").iterdir() if (folder / "Cargo.toml").exists()}
    rule(folders == {NAMES.get(name) for name in FUNCTIONS}, f"folders and functions differ: {sorted(folders ^ {NAMES.get(n, n) for n in FUNCTIONS})}")
    for folder in sorted(folders):
        events = sorted((ROOT / "events").glob(f"{folder}.*.json"))
        rule(bool(events), f"{folder}: no sample event events/{folder}.<case>.json")
        for event in events:
            try:
                json.loads(event.read_text())
            except ValueError as error:
                rule(False, f"{event.name} is no JSON: {error}")


def functions() -> None:
    for name, function in FUNCTIONS.items():
        folder = NAMES.get(name, "?")
        rule(function["CodeUri"] == f"functions/{folder}.zip", f"{name}: CodeUri is not functions/{folder}.zip")
        rule(function["FunctionName"] == {"Fn::Sub": f"${{AWS::StackName}}-{folder}"}, f"{name}: FunctionName does not end in -{folder}")
        rule(target(function["Role"]) == f"{name}Role", f"{name}: its role is not its own")
        rule(target(function["LoggingConfig"]["LogGroup"]) == f"{name}Logs", f"{name}: its log group is not its own")
        rule("RetentionInDays" in RESOURCES[f"{name}Logs"]["Properties"], f"{name}: logs are kept for ever")
        rule(name in ALARMED, f"{name}: no alarm")
        policies = [policy for policy in of_type("AWS::IAM::Policy").values() if {"Ref": f"{name}Role"} in policy["Roles"]]
        rule(len(policies) == 1, f"{name}: {len(policies)} policies instead of one")
        for event in function.get("Events", {}).values():
            trigger(name, function, event["Type"], event["Properties"])


def trigger(name: str, function: dict, kind: str, event: dict) -> None:
    timeout = function.get("Timeout", TEMPLATE["Globals"]["Function"]["Timeout"])
    if kind in ("SQS", "DynamoDB"):
        rule("ReportBatchItemFailures" in event.get("FunctionResponseTypes", []), f"{name}: without ReportBatchItemFailures one poison fails its whole batch")
    if kind == "SQS":
        queue = QUEUES[target(event["Queue"])]
        rule(queue["VisibilityTimeout"] >= 6 * timeout, f"{name}: visibility {queue['VisibilityTimeout']} s is less than six times its timeout of {timeout} s")
    else:
        holder = event if kind == "DynamoDB" else function.get("EventInvokeConfig", {})
        letters = target(holder.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"))
        rule(letters in QUEUES, f"{name}: what fails for good is lost: no dead letters")


def queues() -> None:
    for name, queue in QUEUES.items():
        rule(queue.get("SqsManagedSseEnabled") is True, f"{name}: not encrypted")
        rule(name in ALARMED, f"{name}: no alarm")
        if not name.endswith("DeadLetters"):
            redrive = queue.get("RedrivePolicy", {})
            rule(target(redrive.get("deadLetterTargetArn")) in QUEUES, f"{name}: no dead letters")
            rule(redrive.get("maxReceiveCount") == 5, f"{name}: not given up after five tries")


def access() -> None:
    for name, statement in statements():
        for action in as_list(statement["Action"]):
            rule("*" not in action, f"{name}: {action} is a wildcard")
            for resource in as_list(statement["Resource"]):
                rule(resource != "*" or action in WITHOUT_RESOURCE, f"{name}: {action} on every resource")


def environment() -> None:
    """A function is told of what it may touch, and may touch what it is told of."""
    for name, function in FUNCTIONS.items():
        policy = RESOURCES[f"{name}Policy"]["Properties"]["PolicyDocument"]["Statement"]
        granted = {target(resource) for statement in policy if statement["Effect"] == "Allow" for resource in as_list(statement["Resource"])}
        told = {target(value) for variable, value in function["Environment"]["Variables"].items() if variable.startswith(("TABLE_", "BUCKET_", "QUEUE_", "KEY_"))}
        sources = {target(event["Properties"].get("Queue")) for event in function.get("Events", {}).values()}
        useful = {resource for resource in granted - sources if resource and resource.endswith(("Table", "Bucket", "Queue", "Key"))}
        rule(told == useful, f"{name}: environment and policy differ in {sorted(told ^ useful)}")


def messages() -> None:
    """A message to a person has its record in the same transaction, so who leaves messages leaves records."""
    for name, function in FUNCTIONS.items():
        policy = RESOURCES[f"{name}Policy"]["Properties"]["PolicyDocument"]["Statement"]
        writes = {target(resource) for statement in policy if statement["Effect"] == "Allow" and "dynamodb:PutItem" in as_list(statement["Action"]) for resource in as_list(statement["Resource"])}
        rule("OutboxTable" not in writes or "MessagesTable" in writes, f"{name}: leaves messages in the outbox and no records in MessagesTable")


def dead_letters() -> None:
    """The timetable tells of dead letters: of every queue's."""
    told = {target(pair) for pair in FUNCTIONS["RunTimetable"]["Environment"]["Variables"]["DEAD_LETTERS"]["Fn::Join"][1]}
    letters = {name for name in QUEUES if name.endswith("DeadLetters")}
    rule(told == letters, f"nobody is told of the dead letters of {sorted(told ^ letters)}")


def routes() -> None:
    integrations = of_type("AWS::ApiGatewayV2::Integration")
    permitted = {permission["FunctionName"].get("Ref") for permission in of_type("AWS::Lambda::Permission").values() if permission["Principal"] == "apigateway.amazonaws.com"}
    keys = [route["RouteKey"] for route in of_type("AWS::ApiGatewayV2::Route").values()]
    rule(len(keys) == len(set(keys)) > 0, "a route is listed twice")
    routed = set()
    for name, route in of_type("AWS::ApiGatewayV2::Route").items():
        integration = integrations.get(target(route["Target"]))
        function = integration and target(integration["IntegrationUri"])
        rule(function in FUNCTIONS, f"{name}: no integration")
        rule(function in permitted, f"{name}: the API may not call {function}")
        routed.add(function)
    for name, function in FUNCTIONS.items():
        rule((name in routed) != bool(function.get("Events")), f"{name}: has neither routes nor a trigger, or both")


def storage() -> None:
    for name, table in of_type("AWS::DynamoDB::Table").items():
        rule(table["BillingMode"] == "PAY_PER_REQUEST" and table["SSESpecification"]["SSEEnabled"] and table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], f"{name}: not on demand, encrypted and recoverable")
        rule(table["TimeToLiveSpecification"]["AttributeName"] == "expires", f"{name}: rows do not expire by `expires`")
        rule(RESOURCES[name].get("UpdateReplacePolicy") == "Retain", f"{name}: is lost when it is replaced")
    for name, bucket in of_type("AWS::S3::Bucket").items():
        rule(all(bucket["PublicAccessBlockConfiguration"].values()), f"{name}: could be made public")
        denied = [p for p in of_type("AWS::S3::BucketPolicy").values() if target(p["Bucket"]) == name and any(s["Effect"] == "Deny" and "aws:SecureTransport" in str(s.get("Condition")) for s in p["PolicyDocument"]["Statement"])]
        rule(len(denied) == 1, f"{name}: answers without TLS")


def portal() -> None:
    """CloudFront sends the headers that the laptop's server sends, and scripts come from files only."""
    [policy] = of_type("AWS::CloudFront::ResponseHeadersPolicy").values()
    config = policy["ResponseHeadersPolicyConfig"]
    security, custom = config["SecurityHeadersConfig"], config["CustomHeadersConfig"]["Items"]
    content = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    transport = security["StrictTransportSecurity"]
    in_aws = {item["Header"]: item["Value"] for item in custom} | {
        "Content-Security-Policy": content["Fn::Sub"] if isinstance(content, dict) else content,
        "Strict-Transport-Security": f"max-age={transport['AccessControlMaxAgeSec']}" + ("; includeSubDomains" if transport["IncludeSubdomains"] else ""),
        "X-Content-Type-Options": "nosniff" if security["ContentTypeOptions"]["Override"] else "",
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
    }
    places = {"{uploads}": "https://${QuarantineBucket.RegionalDomainName}", "{documents}": "https://${DocumentsBucket.RegionalDomainName}"}
    on_a_laptop = json.loads((ROOT / "portal/serve/headers.json").read_text())
    for place, address in places.items():
        on_a_laptop = {name: value.replace(place, address) for name, value in on_a_laptop.items()}
    for name in sorted(in_aws.keys() | on_a_laptop.keys()):
        rule(in_aws.get(name) == on_a_laptop.get(name), f"portal: {name} differs between CloudFront and portal/serve/headers.json")
    scripts = re.search(r"script-src ([^;]*)", on_a_laptop["Content-Security-Policy"])
    rule(scripts is not None and scripts[1] == "'self'", "portal: scripts come from elsewhere than its own files")
    [distribution] = of_type("AWS::CloudFront::Distribution").values()
    behaviours = [distribution["DistributionConfig"]["DefaultCacheBehavior"], *distribution["DistributionConfig"]["CacheBehaviors"]]
    rule(all(target(behaviour["ResponseHeadersPolicyId"]) == "PortalHeaders" for behaviour in behaviours), "portal: an answer goes without its headers")


if __name__ == "__main__":
    for check in (folders_and_functions, functions, queues, access, environment, messages, dead_letters, routes, storage, portal):
        check()
    print(*BROKEN, sep="\n")
    print(f"{len(FUNCTIONS)} functions, {len(QUEUES)} queues, {len(of_type('AWS::ApiGatewayV2::Route'))} routes: {len(BROKEN)} rules broken")
    sys.exit(1 if BROKEN else 0)
