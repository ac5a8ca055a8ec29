"""
The verbs of the front door.

    python -m channels              serve the page, the widget and the chat API
    python -m channels purge        delete what is older than the retention time
    python -m channels telegram register | remove       the webhook and the command menu of a Telegram bot

What can be set by environment variables is listed in settings.py.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace

from channels.elsewhere import CHANNELS, manage
from channels.errors import ChannelsError
from channels.house import open_databases
from channels.housekeeping import purge
from channels.server import serve
from channels.settings import Settings, from_environment
from channels.tracker import Tracker


async def _purge(settings: Settings) -> str:
    databases = open_databases(settings, patience_s=600)
    try:
        tracker = Tracker(databases["conversations"], databases.get("tracker"))
        purged = await purge(databases["conversations"], tracker, settings.retention_days)
    finally:
        for database in databases.values():
            database.close()
    return (
        f"Deleted what is older than {settings.retention_days} days: {purged.turns} turns, {purged.sessions} sessions, "
        f"{purged.events} events of Rasa's."
    )


def main() -> int:
    """Do what the command line says; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m channels", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    verbs.add_parser("serve", help="serve on TANDEM_HOST and TANDEM_PORT (the default)")
    purging = verbs.add_parser("purge", help="delete old conversations", epilog="example: python -m channels purge --days 7")
    purging.add_argument("--days", type=int, help="how many days to keep, instead of TANDEM_RETENTION_DAYS")
    for name in CHANNELS:
        verbs.add_parser(name, help=f"see to what {name} knows of us").add_argument("what")
    arguments = parser.parse_args()
    try:
        settings = from_environment()
        if arguments.verb in CHANNELS:
            print(asyncio.run(manage(arguments.verb, arguments.what, settings)))
            return 0
        if arguments.verb != "purge":
            serve(settings)
            return 0
        print(asyncio.run(_purge(settings if arguments.days is None else replace(settings, retention_days=arguments.days))))
    except ChannelsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
