#!/usr/bin/env python3
"""An inbox: prints its port on loopback, takes one mail, and prints what a mail program finds in it, as JSON."""

import asyncio
import email
import email.policy
import hashlib
import json

from aiosmtpd.smtp import SMTP

PATIENCE_S = 60


class Inbox:
    def __init__(self):
        self.taken = asyncio.get_running_loop().create_future()
        self.left = asyncio.get_running_loop().create_future()

    async def handle_DATA(self, server, session, envelope):
        self.taken.set_result(envelope)
        return "250 2.0.0 Ok: queued as 4F1"


class Door(SMTP):
    """Tells when the client has gone: by then it has read its last answer."""

    def connection_lost(self, error):
        super().connection_lost(error)
        if not self.event_handler.left.done():
            self.event_handler.left.set_result(None)


async def main():
    inbox = Inbox()
    server = await asyncio.get_running_loop().create_server(lambda: Door(inbox), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    envelope = await asyncio.wait_for(inbox.taken, PATIENCE_S)
    await asyncio.wait_for(inbox.left, PATIENCE_S)
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    attachments = [
        {
            "name": part.get_filename(),
            "type": part.get_content_type(),
            "sha256": hashlib.sha256(part.get_payload(decode=True)).hexdigest(),
        }
        for part in mail.iter_attachments()
    ]
    text = mail.get_body(("plain",)).get_content()
    print(
        json.dumps(
            {
                "envelope": [envelope.mail_from, *envelope.rcpt_tos],
                "id": mail["Message-ID"],
                "subject": mail["Subject"],
                "text": text,
                "attachments": attachments,
            }
        )
    )


asyncio.run(main())
