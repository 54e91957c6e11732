"""status.py <cloud file>: addresses, and how many messages wait, are being worked on, or were given up."""

import sys

from cloud import Cloud

cloud = Cloud(sys.argv[1])
sqs = cloud.client("sqs")


def depth(url: str) -> tuple[int, int]:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return int(attributes[names[0]]), int(attributes[names[1]])


print(f"{'API':14}{cloud.api}\n")
print(f"{'queue':16}{'waiting':>9}{'in work':>9}{'given up':>10}")
for name in sorted(cloud.dead_letters):
    waiting, working = depth(cloud.queues[name]) if name in cloud.queues else ("–", "–")
    print(f"{name:16}{waiting:>9}{working:>9}{sum(depth(cloud.dead_letters[name])):>10}")
