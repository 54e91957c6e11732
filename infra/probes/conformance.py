"""Does this cloud do what the product relies on? Prints a table; ends with 1 when a promise is not kept.

    python conformance.py            address and credentials from AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, …

Every probe makes what it needs under a name of its own and removes it again. What an emulator is known not to do is listed
as a gap, with the consequence for whoever relies on that emulator; a gap that closes is reported too.
"""

import sys
import time

import probe_access
import probe_messages
import probe_objects
import probe_tables
from probe import PROBES, Cloud

# Known of MiniStack 1.5.33, by name of the probe.
MINISTACK_GAPS = {
    probe_tables.expiry_from_a_template.__name__: "expired rows stay until reset; code compares `expires` itself, as it must in AWS",
    probe_access.leading_keys_condition_denies.__name__: "policies by partition key cannot be tested here",
    probe_access.sender_condition_denies.__name__: "a grant for one sender denies every mail: the template grants emulators ses:SendEmail without it",
    probe_messages.dead_letters_move_back.__name__: "no StartMessageMoveTask (nor in AWS China): redrive is our own command",
}


def main() -> int:
    cloud = Cloud()
    gaps = MINISTACK_GAPS if cloud.is_ministack() else {}
    failed = 0
    print(f"{cloud.endpoint or 'AWS'}\n{'probe':62}{'seconds':>8}  outcome")
    for probe in PROBES:
        started = time.monotonic()
        try:
            probe(cloud)
            outcome = "ok" if probe.__name__ not in gaps else "ok – no longer a gap: remove it from the list"
        except Exception as error:  # a probe may fail in any way; all of them are shown
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            if probe.__name__ in gaps:
                outcome = f"gap – {gaps[probe.__name__]}"
            else:
                failed += 1
                outcome = f"FAILED – {reason}"
        finally:
            cloud.clean_up()
        print(f"{probe.__name__.replace('_', ' '):62}{time.monotonic() - started:8.1f}  {outcome}", flush=True)
    print(f"{len(PROBES)} probes, {failed} failed, {len(gaps)} known gaps")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
