"""`queue-server`: run the server, and look after its journal and its accounts."""

import argparse
import getpass
import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from queue_server.errors import QueueServerError, SettingsError
from queue_server.forecast_commands import add_forecast
from queue_server.journal import reports
from queue_server.report_commands import add_history, add_report
from queue_server.rule_commands import add_explain, add_whatif, explain, whatif
from queue_server.running import run_server
from queue_server.settings import ServerSettings, data_folder
from queue_server.site_commands import add_journal_site, add_site, journal_site
from queue_server.web import AccountError, Accounts, Role


def parser() -> argparse.ArgumentParser:
    """The commands and their help."""
    top = argparse.ArgumentParser(
        prog="queue-server",
        description="The hospital's brain: takes what agents sense, decides, keeps every event, calls and shows.",
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    add_site(commands)
    _add_account(commands)
    _add_journal(commands)
    _add_rejected(commands)
    _add_rules(commands)
    add_report(commands)
    add_history(commands)
    add_forecast(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Returns:
        0 when all is well, 1 when the server failed or a check found something, 2 when the command can't be carried
        out as it was given.
    """
    given = parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except (QueueServerError, AccountError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has seen enough
        return 0


# ---- run ----------------------------------------------------------------------------------------


def _add_run(commands: Any) -> None:  # argparse names the type of sub-parsers only in private
    run = commands.add_parser(
        "run",
        help="run the server until it is stopped",
        description="Settings come from --config (TOML), over it from QUEUE_SERVER_… in the environment, over both "
        "from the options below.",
    )
    run.add_argument("--config", type=Path, metavar="FILE", help="settings as TOML")
    run.add_argument("--site", type=Path, metavar="FILE", help="the site file")
    run.add_argument("--data", type=Path, metavar="DIR", help="folder of journal and accounts")
    run.add_argument("--broker", metavar="URL", help="mqtt://host:port, or mqtts:// for TLS")
    run.add_argument("--host", help="address to listen on; loopback when left out")
    run.add_argument("--port", type=int, help="port to listen on; 0 takes a free one")
    run.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    names = ("site", "data", "broker", "host", "port")
    chosen = {name: getattr(given, name) for name in names if getattr(given, name) is not None}
    settings = ServerSettings.load(given.config, **chosen)
    return run_server(settings)


# ---- accounts -----------------------------------------------------------------------------------


def _add_account(commands: Any) -> None:  # as above
    account = commands.add_parser("account", help="who may sign in")
    actions = account.add_subparsers(required=True, metavar="ACTION")
    add = _action(actions, "add", "make an account; asks for the password", _account_add)
    add.add_argument("name")
    add.add_argument("--role", type=Role, choices=list(Role), required=True)
    add.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help="take the password from here; - for stdin",
    )
    token = _action(actions, "token", "make a token for a program; shown once", _account_token)
    token.add_argument("name")
    token.add_argument("--role", type=Role, choices=list(Role), required=True)
    _action(actions, "list", "show all accounts", _account_list)
    remove = _action(
        actions, "remove", "delete an account or a token and end its sessions", _account_remove
    )
    remove.add_argument("name")


def _account_add(given: argparse.Namespace) -> int:
    _accounts(given).add(given.name, given.role, _password(given.password_file))
    print(f"{given.name} may sign in as {given.role.value}.")
    return 0


def _password(file: Path | None) -> str:
    if file is None:
        first = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != first:
            raise AccountError("The two passwords differ; nothing was changed.")
        return first
    if str(file) == "-":
        return sys.stdin.readline().rstrip("\n")
    try:
        return file.read_text(encoding="utf-8").rstrip("\n")
    except OSError as error:
        raise SettingsError(f"The password file {file} can't be read: {error.strerror}.") from error


def _account_token(given: argparse.Namespace) -> int:
    print(_accounts(given).new_token(given.name, given.role))
    return 0


def _account_list(given: argparse.Namespace) -> int:
    accounts = _accounts(given)
    for member in accounts.listed():
        print(f"{member.role.value:12} {member.name}")
    for member in accounts.tokens():
        print(f"{member.role.value:12} {member.name} (token)")
    return 0


def _account_remove(given: argparse.Namespace) -> int:
    _accounts(given).remove(given.name)
    return 0


def _accounts(given: argparse.Namespace) -> Accounts:
    return Accounts(_data(given) / "accounts.db")


# ---- the journal --------------------------------------------------------------------------------


def _add_journal(commands: Any) -> None:  # as above
    journal = commands.add_parser("journal", help="look into the journal; a server may be running")
    actions = journal.add_subparsers(required=True, metavar="ACTION")
    _action(actions, "check", "look for damage", _journal_check)
    tail = _action(actions, "tail", "show the last events", _journal_tail)
    tail.add_argument("-n", type=int, default=20, metavar="COUNT", help="how many (20)")
    tail.add_argument("-f", "--follow", action="store_true", help="and those that come")
    export = _action(actions, "export", "write all events, one JSON object a line", _journal_export)
    export.add_argument("--visit", metavar="ID", help="only those of one visit")
    add_journal_site(
        _action(actions, "site", "print the site file in force, or one of old", _journal_site)
    )


def _journal_check(given: argparse.Namespace) -> int:
    sound = True
    with reports.opened(_journal(given)) as db:
        for finding in reports.check(db):
            print(f"{'ok ' if finding.ok else 'BAD'} {finding.what}: {finding.sentence}")
            sound = sound and finding.ok
    return 0 if sound else 1


def _journal_tail(given: argparse.Namespace) -> int:
    with reports.opened(_journal(given)) as db:
        last = _print_events(reports.tail(db, given.n))
        while given.follow:
            time.sleep(0.5)
            last = max(last, _print_events(reports.tail(db, 1000, after=last)))
    return 0


def _print_events(rows: Iterable[Mapping[str, Any]]) -> int:
    last = 0
    for row in rows:
        print(f"{row['position']:>8} {row['written_at']} {row['type']:20} {row['body']}")
        last = row["position"]
    sys.stdout.flush()
    return last


def _journal_export(given: argparse.Namespace) -> int:
    with reports.opened(_journal(given)) as db:
        for row in reports.export(db, given.visit):
            event = {**row, "body": json.loads(row["body"])}
            print(json.dumps(event, ensure_ascii=False))
    return 0


def _journal_site(given: argparse.Namespace) -> int:
    return journal_site(_journal(given), given)


# ---- rejected messages --------------------------------------------------------------------------


def _add_rejected(commands: Any) -> None:  # as above
    rejected = commands.add_parser("rejected", help="messages that could not be used")
    actions = rejected.add_subparsers(required=True, metavar="ACTION")
    listing = _action(actions, "list", "show the latest, and all counts", _rejected_list)
    listing.add_argument("-n", type=int, default=20, metavar="COUNT", help="how many (20)")
    show = _action(actions, "show", "show one with its payload", _rejected_show)
    show.add_argument("id", type=int)


def _rejected_list(given: argparse.Namespace) -> int:
    with reports.opened(_journal(given)) as db:
        for row in reports.rejected_totals(db):
            print(f"{row['count']:>8} {row['reason']:16} {row['agent'] or '(no agent)'}")
        for row in reports.rejected(db, given.n):
            print(
                f"#{row['id']} {row['last_at']} {row['agent'] or '-'} {row['reason']} ×{row['count']} "
                f"{row['bytes']} bytes on {row['topic']!r}: {row['detail']}"
            )
    return 0


def _rejected_show(given: argparse.Namespace) -> int:
    with reports.opened(_journal(given)) as db:
        row = reports.rejected_message(db, given.id)
    if row is None:
        sys.stderr.write(f"There is no rejected message #{given.id}, or it is no longer kept.\n")
        return 1
    for column, value in row.items():
        print(f"{column:9} {value!r}")
    return 0


# ---- reasons ------------------------------------------------------------------------------------


def _add_rules(commands: Any) -> None:  # as above
    why = "say in words why a family was called, and not another"
    add_explain(_action(commands, "explain", why, lambda given: explain(_journal(given), given)))
    what = "try a changed site file on a day of the journal: whose order would differ"
    add_whatif(_action(commands, "whatif", what, lambda given: whatif(_journal(given), given)))


# ---- what the commands share --------------------------------------------------------------------


def _action(actions: Any, name: str, help: str, run: Any) -> argparse.ArgumentParser:  # as above
    action: argparse.ArgumentParser = actions.add_parser(name, help=help)
    action.add_argument("--config", type=Path, metavar="FILE", help="the server's settings")
    action.add_argument("--data", type=Path, metavar="DIR", help="the server's data folder")
    action.set_defaults(run=run)
    return action


def _data(given: argparse.Namespace) -> Path:
    return data_folder(given.config, given.data)


def _journal(given: argparse.Namespace) -> Path:
    return _data(given) / "journal.db"
