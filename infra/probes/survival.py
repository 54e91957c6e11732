"""survival.py <cloud file> <snapshot file>: whether everything a cloud holds is still there after `down` and `up`.

Writes the snapshot if there is none yet, and compares with it otherwise: every item of every table, every object's ETag,
every queue, and whether the keys still open what they sealed.
"""

import hashlib
import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "local"))

from cloud import Cloud  # noqa: E402

WHAT_FOR = {"purpose": "survival"}


def digest(value) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def items(cloud: Cloud, table: str) -> list[str]:
    pages = cloud.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return sorted(digest(item) for page in pages for item in page["Items"])


def objects(cloud: Cloud, bucket: str) -> dict[str, str]:
    pages = cloud.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {entry["Key"]: entry["ETag"] for page in pages for entry in page.get("Contents", [])}


def snapshot(cloud: Cloud) -> dict:
    lambdas = cloud.client("lambda")
    return {
        "tables": {name: items(cloud, table) for name, table in cloud.tables.items()},
        "buckets": {name: objects(cloud, bucket) for name, bucket in cloud.buckets.items()},
        "functions": {
            name: lambdas.get_function_configuration(FunctionName=function)["CodeSha256"]
            for name, function in cloud.functions.items()
        },
    }


def main() -> None:
    path, file = sys.argv[1:]
    cloud, file = Cloud(path), Path(file)
    kms = cloud.client("kms")
    now = snapshot(cloud)
    counts = f"{sum(map(len, now['tables'].values()))} items, {sum(map(len, now['buckets'].values()))} objects"
    if not file.exists():
        sealed = kms.encrypt(KeyId=cloud.keys["fields"], Plaintext=b"still here", EncryptionContext=WHAT_FOR)
        file.write_text(json.dumps(now | {"sealed": sealed["CiphertextBlob"].hex()}))
        print(f"   noted {counts}")
        return
    before = json.loads(file.read_text())
    sealed = bytes.fromhex(before.pop("sealed"))
    if before != now:
        lost = [
            f"{kind}/{name}"
            for kind, parts in before.items()
            for name, content in parts.items()
            if now[kind].get(name) != content
        ]
        sys.exit(f"not as before: {', '.join(lost)}")
    if kms.decrypt(CiphertextBlob=sealed, EncryptionContext=WHAT_FOR)["Plaintext"] != b"still here":
        sys.exit("the key for fields is another one")
    print(f"   all of it survived: {counts}")


if __name__ == "__main__":
    main()
