"""DynamoDB: transactions, conditions, indexes, expiry."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError

from probe import Cloud, check, probe, refused

S = lambda text: {"S": text}
N = lambda number: {"N": str(number)}
key = lambda pk, sk="-": {"pk": S(pk), "sk": S(sk)}
NEW = "attribute_not_exists(pk)"


def put(table: str, item: dict, condition: str | None = None) -> dict:
    return {"Put": {"TableName": table, "Item": item} | ({"ConditionExpression": condition} if condition else {})}


@probe
def concurrent_transactions_lose_no_update(cloud: Cloud) -> None:
    tables, table = cloud.client("dynamodb"), cloud.table()
    tables.put_item(TableName=table, Item=key("counter") | {"version": N(0)})

    def increment(_: int) -> int:
        while True:
            version = int(tables.get_item(TableName=table, Key=key("counter"), ConsistentRead=True)["Item"]["version"]["N"])
            step = {
                "TableName": table, "Key": key("counter"), "UpdateExpression": "SET version = :new", "ConditionExpression": "version = :old",
                "ExpressionAttributeValues": {":new": N(version + 1), ":old": N(version)},
            }
            try:
                tables.transact_write_items(TransactItems=[{"Update": step}, put(table, key("step", f"{version + 1:06}"), NEW)])
                return 1
            except tables.exceptions.TransactionCanceledException:
                pass

    with ThreadPoolExecutor(8) as threads:
        accepted = sum(threads.map(increment, range(80)))
    version = int(tables.get_item(TableName=table, Key=key("counter"))["Item"]["version"]["N"])
    steps = tables.query(TableName=table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": S("step")}, Select="COUNT")["Count"]
    check(accepted == version == steps == 80, f"{accepted} accepted, version {version}, {steps} rows; 80 expected of each")


@probe
def double_submits_count_once(cloud: Cloud) -> None:
    tables, table = cloud.client("dynamodb"), cloud.table()
    add = {"TableName": table, "Key": key("balance"), "UpdateExpression": "ADD amount :one", "ExpressionAttributeValues": {":one": N(1)}}

    def submit(number: int) -> bool:
        for _ in range(20):
            try:
                tables.transact_write_items(TransactItems=[put(table, key("request", str(number)), NEW), {"Update": add}])
                return True
            except tables.exceptions.TransactionCanceledException as error:
                if "TransactionConflict" not in str(error):
                    return False
        return False

    with ThreadPoolExecutor(16) as threads:
        accepted = sum(threads.map(submit, [number // 2 for number in range(200)]))
    amount = int(tables.get_item(TableName=table, Key=key("balance"))["Item"]["amount"]["N"])
    check(accepted == amount == 100, f"{accepted} accepted, amount {amount}; 100 expected of each")


@probe
def a_transaction_over_tables_is_whole_or_not_at_all(cloud: Cloud) -> None:
    tables, one, two = cloud.client("dynamodb"), cloud.table(), cloud.table()
    tables.put_item(TableName=two, Item=key("taken"))
    items = [put(one, key("new")), put(two, key("taken"), NEW)]
    reasons = refused(lambda: tables.transact_write_items(TransactItems=items), "TransactionCanceledException")["CancellationReasons"]
    check([reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"], reasons)
    check("Item" not in tables.get_item(TableName=one, Key=key("new")), "half of a cancelled transaction was written")


@probe
def a_failed_condition_returns_the_old_item(cloud: Cloud) -> None:
    tables, table = cloud.client("dynamodb"), cloud.table()
    old = key("a") | {"state": S("drafting")}
    tables.put_item(TableName=table, Item=old)
    wanted = {"TableName": table, "Item": key("a"), "ConditionExpression": NEW, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    answer = refused(lambda: tables.put_item(**wanted), "ConditionalCheckFailedException")
    check(answer.get("Item") == old, f"a write returned {answer.get('Item')}")
    answer = refused(lambda: tables.transact_write_items(TransactItems=[{"Put": wanted}]), "TransactionCanceledException")
    check(answer["CancellationReasons"][0].get("Item") == old, f"a transaction returned {answer['CancellationReasons']}")


@probe
def a_repeated_request_token_writes_once(cloud: Cloud) -> None:
    tables, table, token = cloud.client("dynamodb"), cloud.table(), uuid.uuid4().hex
    items = [put(table, key("a"), NEW)]
    tables.transact_write_items(TransactItems=items, ClientRequestToken=token)
    tables.transact_write_items(TransactItems=items, ClientRequestToken=token)
    other = lambda: tables.transact_write_items(TransactItems=[put(table, key("b"))], ClientRequestToken=token)
    refused(other, "IdempotentParameterMismatchException", "IdempotentParameterMismatch")


@probe
def limits_of_transactions_and_items_hold(cloud: Cloud) -> None:
    tables, table = cloud.client("dynamodb"), cloud.table()
    transact = lambda *items: lambda: tables.transact_write_items(TransactItems=list(items))
    refused(transact(*(put(table, key(str(number))) for number in range(101))), "ValidationException")
    refused(transact(put(table, key("a")), {"ConditionCheck": {"TableName": table, "Key": key("a"), "ConditionExpression": NEW}}), "ValidationException")
    refused(lambda: tables.put_item(TableName=table, Item=key("a") | {"text": S("x" * 410_000)}), "ValidationException")


@probe
def an_index_is_sparse_and_sorted(cloud: Cloud) -> None:
    tables = cloud.client("dynamodb")
    table = cloud.table("place queued", {"waiting": ("place", "queued")})
    for number in (3, 1, 2):
        tables.put_item(TableName=table, Item=key(str(number)) | {"place": S("p"), "queued": S(str(number))})
    tables.put_item(TableName=table, Item=key("4") | {"queued": S("4")})

    def page(**more) -> tuple[list[str], dict | None]:
        answer = tables.query(TableName=table, IndexName="waiting", KeyConditionExpression="place = :p", ExpressionAttributeValues={":p": S("p")}, **more)
        return [item["queued"]["S"] for item in answer["Items"]], answer.get("LastEvaluatedKey")

    first, more = page(Limit=2)
    second, _ = page(ExclusiveStartKey=more)
    check(first + second == ["1", "2", "3"], f"pages were {first}, {second}")
    tables.update_item(TableName=table, Key=key("1"), UpdateExpression="REMOVE place")
    check(page()[0] == ["2", "3"], "an item without the attribute stays in the index")


@probe
def expiry_can_be_set(cloud: Cloud) -> None:
    tables, table = cloud.client("dynamodb"), cloud.table()
    tables.update_time_to_live(TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    state = tables.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    check(state["TimeToLiveStatus"] in ("ENABLED", "ENABLING"), state)


@probe
def expiry_from_a_template(cloud: Cloud) -> None:
    stacks, name = cloud.client("cloudformation"), cloud.name()
    table = {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
        },
    }
    stacks.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": {"Table": table}}))
    cloud.afterwards(lambda: stacks.delete_stack(StackName=name))
    stacks.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    table = stacks.describe_stack_resource(StackName=name, LogicalResourceId="Table")["StackResourceDetail"]["PhysicalResourceId"]
    state = cloud.client("dynamodb").describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    check(state["TimeToLiveStatus"] in ("ENABLED", "ENABLING"), state)
