"""redrive.py <cloud file> <queue>: puts a queue's dead letters back, each only deleted once it has been sent again.

`StartMessageMoveTask` does this where it exists; AWS China and the local cloud have none. Workers know a message by
its id, so a letter that is sent twice counts once.
"""

import sys

from cloud import Cloud

cloud, name = Cloud(sys.argv[1]), sys.argv[2]
if name not in cloud.queues or name not in cloud.dead_letters:
    sys.exit(f"there is no queue `{name}`: {', '.join(sorted(set(cloud.queues) & set(cloud.dead_letters)))}")
sqs = cloud.client("sqs")
dead, queue = cloud.dead_letters[name], cloud.queues[name]
moved = 0
while letters := sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", []):
    for letter in letters:
        sqs.send_message(QueueUrl=queue, MessageBody=letter["Body"])
        sqs.delete_message(QueueUrl=dead, ReceiptHandle=letter["ReceiptHandle"])
        moved += 1
print(f"{moved} dead letters put back into {name}.")
