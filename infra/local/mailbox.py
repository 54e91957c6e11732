"""mailbox.py <folder> <SMTP port> <HTTP port>: takes every mail on loopback and keeps it as <when>-<id>.eml in the folder, which it shows.

A mail that comes again has the id of the first and takes its place, as mailboxes that know repetitions do.
"""

import asyncio
import email
import email.policy
import re
import signal
import sys
import threading
from datetime import datetime, timezone
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.smtp import SMTP

folder, smtp_port, http_port = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])


class Keep:
    async def handle_DATA(self, server, session, envelope):
        header = email.message_from_bytes(envelope.content, policy=email.policy.default)["Message-ID"] or ""
        name = re.sub(r"[^0-9A-Za-z_-]", "-", header.strip("<> ").split("@")[0]) or "without-id"
        before = next(iter(folder.glob(f"*Z-{name}.eml")), None)
        file = before or folder / f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S.%fZ}-{name}.eml"
        unfinished = file.with_suffix(".part")
        unfinished.write_bytes(envelope.content)
        unfinished.rename(file)
        return "250 2.0.0 Ok"


class Show(SimpleHTTPRequestHandler):
    extensions_map = {".eml": "message/rfc822"}

    def log_message(self, *_):
        """Who looks is nobody's business."""


async def main():
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    server = await loop.create_server(lambda: SMTP(Keep(), enable_SMTPUTF8=True), "127.0.0.1", smtp_port)
    # The page listens last: whoever sees it may send.
    page = ThreadingHTTPServer(("127.0.0.1", http_port), partial(Show, directory=folder))
    threading.Thread(target=page.serve_forever, daemon=True).start()
    await stopped.wait()
    server.close()


asyncio.run(main())
