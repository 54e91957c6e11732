"""IAM, the roles of functions, and KMS."""

import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from probe import Cloud, check, probe, refused
from probe_tables import key, put

DENIED = ("AccessDenied", "AccessDeniedException")


def allow(actions: str, resource: str, **condition) -> dict:
    return {"Effect": "Allow", "Action": actions.split(), "Resource": resource} | ({"Condition": condition} if condition else {})


def table_arn(cloud: Cloud, table: str) -> str:
    return cloud.client("dynamodb").describe_table(TableName=table)["Table"]["TableArn"]


def credentials(cloud: Cloud, *statements: dict) -> dict:
    _, arn = cloud.role(*statements)
    return cloud.client("sts").assume_role(RoleArn=arn, RoleSessionName="probe")["Credentials"]


@probe
def a_role_may_do_what_it_is_granted_and_nothing_else(cloud: Cloud) -> None:
    one, two, bucket = cloud.table(), cloud.table(), cloud.bucket()
    taken = credentials(cloud, allow("dynamodb:PutItem", table_arn(cloud, one)), allow("s3:PutObject", f"arn:aws:s3:::{bucket}/in/*"))
    tables, objects = cloud.client("dynamodb", taken), cloud.client("s3", taken)
    tables.put_item(TableName=one, Item=key("a"))
    refused(lambda: tables.put_item(TableName=two, Item=key("a")), *DENIED)
    refused(lambda: tables.scan(TableName=one), *DENIED)
    refused(lambda: tables.transact_write_items(TransactItems=[put(one, key("b")), put(two, key("b"))]), *DENIED)
    refused(lambda: tables.transact_write_items(TransactItems=[{"Delete": {"TableName": one, "Key": key("a")}}]), *DENIED)
    objects.put_object(Bucket=bucket, Key="in/a", Body=b"x")
    refused(lambda: objects.put_object(Bucket=bucket, Key="out/a", Body=b"x"), *DENIED)
    refused(lambda: objects.get_object(Bucket=bucket, Key="in/a"), *DENIED)


@probe
def a_function_acts_with_its_role(cloud: Cloud) -> None:
    one, two = cloud.table(), cloud.table()
    function, _ = cloud.function(allow("dynamodb:PutItem", table_arn(cloud, one)))
    answer = cloud.client("lambda").invoke(FunctionName=function, Payload=json.dumps({"allowed": one, "denied": two}))
    statuses = json.load(answer["Payload"])
    check(statuses["allowed"] == 200 and statuses["denied"] in (400, 403), f"its writes were answered {statuses}")
    written = ["Item" in cloud.client("dynamodb").get_item(TableName=table, Key=key("function", "wrote")) for table in (one, two)]
    check(written == [True, False], f"written: {written}")


@probe
def an_unknown_access_key_is_refused(cloud: Cloud) -> None:
    stranger = cloud.client("dynamodb", {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "x"})
    refused(stranger.list_tables, "UnrecognizedClientException", "InvalidClientTokenId", "AccessDeniedException")


@probe
def leading_keys_condition_denies(cloud: Cloud) -> None:
    table = cloud.table()
    own = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["own"]}}
    tables = cloud.client("dynamodb", credentials(cloud, allow("dynamodb:PutItem", table_arn(cloud, table), **own)))
    tables.put_item(TableName=table, Item=key("own"))
    refused(lambda: tables.put_item(TableName=table, Item=key("other")), *DENIED)


@probe
def sender_condition_denies(cloud: Cloud) -> None:
    check(cloud.endpoint is not None, "not tried on a real account")
    only = allow("ses:SendEmail", "*", StringEquals={"ses:FromAddress": "a@probe.example"})
    root, mail = cloud.client("sesv2"), cloud.client("sesv2", credentials(cloud, only))
    root.create_email_identity(EmailIdentity="probe.example")
    cloud.afterwards(lambda: root.delete_email_identity(EmailIdentity="probe.example"))
    content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "b"}}}}
    send = lambda sender: mail.send_email(FromEmailAddress=sender, Destination={"ToAddresses": ["b@probe.example"]}, Content=content)
    send("a@probe.example")
    refused(lambda: send("c@probe.example"), *DENIED)


def new_key(cloud: Cloud, **more) -> str:
    keys = cloud.client("kms")
    name = keys.create_key(**more)["KeyMetadata"]["KeyId"]
    cloud.afterwards(lambda: keys.schedule_key_deletion(KeyId=name, PendingWindowInDays=7))
    return name


@probe
def a_signature_verifies_with_the_public_key(cloud: Cloud) -> None:
    keys, name = cloud.client("kms"), new_key(cloud, KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    digest = hashlib.sha256(b"header.claims").digest()
    signature = keys.sign(KeyId=name, Message=digest, MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256")["Signature"]
    public = load_der_public_key(keys.get_public_key(KeyId=name)["PublicKey"])
    public.verify(signature, digest, ec.ECDSA(utils.Prehashed(SHA256())))
    try:
        public.verify(signature, hashlib.sha256(b"other").digest(), ec.ECDSA(utils.Prehashed(SHA256())))
    except InvalidSignature:
        return
    raise AssertionError("another message verifies")


@probe
def a_data_key_unwraps_in_its_context_only(cloud: Cloud) -> None:
    keys, name = cloud.client("kms"), new_key(cloud)
    made = keys.generate_data_key(KeyId=name, KeySpec="AES_256", EncryptionContext={"field": "id-number"})
    unwrap = lambda field: keys.decrypt(KeyId=name, CiphertextBlob=made["CiphertextBlob"], EncryptionContext={"field": field})
    check(unwrap("id-number")["Plaintext"] == made["Plaintext"], "another key came back")
    refused(lambda: unwrap("mobile"), "InvalidCiphertextException")
