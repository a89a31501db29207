"""Opening the store: by several processes at once, and a file that is not ours."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import InternalError
from assistant.settings import PROJECT
from assistant.store.database import Store
from assistant.store.migrations_triggers import store_migrations

BEGIN_AT_THE_GATE = """
import sys, time
from pathlib import Path
from assistant.store.database import Store
gate, path = map(Path, sys.argv[1:])
print("ready", flush=True)
while not gate.exists():
    time.sleep(0.001)
store = Store(path)
print(store.set_aside, len(store.rows("select name from _sqlite_migrations")))
"""


def test_processes_that_begin_together_make_one_new_store(tmp_path: Path) -> None:
    path, gate = tmp_path / "assistant.db", tmp_path / "gate"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", BEGIN_AT_THE_GATE, str(gate), str(path)], cwd=PROJECT,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for _ in range(4)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    gate.touch()
    told = {process.communicate(timeout=60)[0] for process in processes}
    store = Store(path)
    done = len(store.rows("select name from _sqlite_migrations"))
    assert told == {f"None {done}\n"}
    assert store_migrations.pending(store.db) == []
    store.close()


def test_a_new_store_keeps_a_log_and_gives_room_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "assistant.db")
    assert store.row("select journal_mode, auto_vacuum from pragma_journal_mode, pragma_auto_vacuum") == {
        "journal_mode": "wal", "auto_vacuum": 2,
    }  # fmt: skip


def test_a_file_that_can_be_read_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "assistant.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("create table jobs (of_another_program text)")
    with pytest.raises(InternalError, match="cannot be opened: table jobs already exists"):
        Store(path)
    assert [one.name for one in tmp_path.glob("*.corrupt-*")] == []
    # Nothing was begun in it either.
    with closing(sqlite3.connect(path)) as other:
        tables = other.execute("select name from sqlite_master").fetchall()
    assert tables == [("jobs",)]


def test_a_store_that_another_writes_to_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "assistant.db"
    Store(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        began = time.monotonic()
        # Nothing is to be written, so nobody waits.
        Store(path).close()
        assert time.monotonic() - began < 4


CLOSE_UNDER_READERS = """
import sys, threading
from pathlib import Path
from assistant.store.database import Store
store = Store(Path(sys.argv[1]))
for number in range(200):
    store.run("insert into jobs(id, name, created_at, updated_at) values (?, ?, '', '')", number, number)
going = True
def read():
    while going:
        store.rows("select * from jobs order by name desc")
threads = [threading.Thread(target=read) for _ in range(4)]
for thread in threads:
    thread.start()
for _ in range(300):
    store.row("select 1")
    store.close()
going = False
for thread in threads:
    thread.join()
print("whole")
"""


def test_a_store_is_closed_while_other_threads_read_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", CLOSE_UNDER_READERS, str(tmp_path / "assistant.db")],
        cwd=PROJECT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "whole\n", "")


def test_a_change_of_the_tables_by_another_process_disturbs_no_deletion(tmp_path: Path) -> None:
    store, other = Store(tmp_path / "assistant.db"), Store(tmp_path / "assistant.db")
    assert store.row("select count(*) as jobs from jobs") == {"jobs": 0}
    with other.writing() as connection:
        connection.execute("create view one as select 1")

    # A deletion of a job reaches a full-text table by a trigger.
    assert store.run("delete from jobs where id = ?", "none") == 0


def test_a_statement_on_a_table_that_is_nowhere_fails_as_ever(tmp_path: Path) -> None:
    store = Store(tmp_path / "assistant.db")
    with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere"):
        store.run("delete from nowhere")
