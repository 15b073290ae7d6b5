"""One worker process of the overspending proof: waits for "go", then spends with several threads at once.

Arguments: database address, folder, ``guarded`` or ``naive``. Each plan comes as a line of JSON on standard input, each
report leaves as one on standard output. ``naive`` puts a read followed by a write in the place of the ledger's locks
and guarded update: the same race must then break the ledger.
"""

import json
import os
import sys
import threading
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from civicvote.app import create_app
from civicvote.db import db, unit_of_work
from civicvote.domain.accounts.queries import actor_of_person
from civicvote.domain.allocations import services_posting
from civicvote.domain.allocations.errors import NotEnoughLeft
from civicvote.domain.allocations.models import Account
from civicvote.domain.allocations.rules import Currency
from civicvote.domain.allocations.services import allocate, approve_disbursement, enter_disbursement
from civicvote.domain.budgeting.models import Project
from civicvote.kernel.actor import Actor
from civicvote.kernel.errors import Refusal
from tests.conftest import make_settings


def take_out_the_guard() -> None:
    """Read, look, write: what the ledger would be without its guard."""

    def lock_accounts(region_id: int, account_ids: Iterable[int]) -> dict[int, Account]:
        rows = db.session.scalars(
            sa.select(Account).where(Account.region_id == region_id, Account.id.in_(list(account_ids)))
        )
        return {account.id: account for account in rows}

    def take(account: Account, amount: int, *, field: str | None = None) -> None:
        if account.balance < amount:
            raise NotEnoughLeft(left=Currency().money(account.balance), amount=Currency().money(amount))
        account.balance = account.balance - amount

    def give(account: Account, amount: int) -> None:
        account.balance = account.balance + amount

    services_posting.lock_accounts = lock_accounts
    services_posting.take = take
    services_posting.give = give


def act(plan: dict[str, Any], actor: Actor, subject: int, number: str) -> int:
    """One request of one thread; the id of what it made."""
    region_id, amount = plan["region_id"], plan["amount"]
    if plan["act"] == "approve":
        return approve_disbursement(actor=actor, region_id=region_id, disbursement_id=subject).id
    project = db.session.get_one(Project, (region_id, subject))
    if plan["act"] == "enter":
        return enter_disbursement(
            actor=actor,
            project=project,
            amount=amount,
            payee="가",
            reason="나",
            evidence="다",
            idempotency_key=number,
        ).id
    return allocate(actor=actor, project=project, amount=amount, reason="배정", idempotency_key=number).id


def spend(app: Flask, plan: dict[str, Any], subjects: list[int], name: str, results: list[str | int]) -> None:
    with app.app_context():
        for turn, subject in enumerate(subjects):
            number = plan.get("key") or f"{name}-{turn}"
            try:
                with unit_of_work():
                    actor = actor_of_person(plan["actor_id"])
                    assert actor is not None
                    made = act(plan, actor, subject, number)
                results.append(made)
            except Refusal as refusal:
                results.append(refusal.code)
            except sa.exc.SQLAlchemyError as error:
                results.append(f"broken: {type(error).__name__}")


def race(app: Flask, plan: dict[str, Any], name: str) -> dict[str, Any]:
    """All threads of this worker at once, as soon as the next line arrives."""
    results: list[str | int] = []
    threads = [
        threading.Thread(target=spend, args=(app, plan, subjects, f"{name}-{index}", results))
        for index, subjects in enumerate(plan["threads"])
    ]
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "counted": Counter(result if isinstance(result, str) else "done" for result in results),
        "made": sorted({result for result in results if isinstance(result, int)}),
    }


def main() -> None:
    database_url, folder, guard = sys.argv[1:]
    if guard == "naive":
        take_out_the_guard()
    app = create_app(make_settings(Path(folder), database_url))
    for line in sys.stdin:
        report = race(app, json.loads(line), name=str(os.getpid()))
        print(json.dumps(report), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
