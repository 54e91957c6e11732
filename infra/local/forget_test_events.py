"""forget_test_events.py <cloud file>: empties the queues that buckets feed, right after a stack was first created.

A bucket announces itself to its queue with an `s3:TestEvent`. The emulator's poller may take it before the function's
permissions stand, and then it stays "in work" for the whole visibility timeout. A stack just created has no uploads.
"""

import sys

from cloud import Cloud

cloud = Cloud(sys.argv[1])
sqs = cloud.client("sqs")
for name in ("roster-upload", "upload"):
    sqs.purge_queue(QueueUrl=cloud.queues[name])
