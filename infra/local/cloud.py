"""The cloud file that `cargo xtask up` writes, and boto3 clients for what it names."""

import json
from pathlib import Path

import boto3
from botocore.config import Config


class Cloud:
    def __init__(self, path: str) -> None:
        self.__dict__.update(json.loads(Path(path).read_text()))

    def client(self, service: str):
        """A client that asks once: what an emulator refuses is shown, not hidden by retries."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            config=Config(retries={"total_max_attempts": 1}),
        )
