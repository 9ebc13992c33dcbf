"""A throw-away PostgreSQL cluster, from Debian's server programs."""

import os
import pwd
import shutil
import socket
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql


def program(name: str) -> str:
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(versions[-1]) if versions else None)
    assert found, f"PostgreSQL's {name} is not installed"
    return found


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "data"
        self.port = free_port()
        # the server refuses to run as root, as which the tests of a container do
        self._as: dict[str, Any] = {"user": "postgres"} if os.geteuid() == 0 else {}
        self.owner = "postgres" if self._as else pwd.getpwuid(os.geteuid()).pw_name
        self._open_to_owner(folder)

    def _open_to_owner(self, folder: Path) -> None:
        if not self._as:
            return
        shutil.chown(folder, self.owner)
        for parent in folder.parents:
            if parent.stat().st_mode & 0o011 != 0o011 and parent.stat().st_uid == 0:
                parent.chmod(parent.stat().st_mode | 0o011)

    def _run(self, *command: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder.parent, **self._as)

    def start(self, *options: str) -> None:
        if not self.folder.exists():
            flags = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
            self._run(program("initdb"), *flags, f"--username={self.owner}", "-D", str(self.folder))
        settings = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200"
        settings = " ".join([settings, *(f"-c {option}" for option in options)])
        log = str(self.folder / "log")
        self._run(program("pg_ctl"), "-D", str(self.folder), "-o", settings, "-l", log, "-w", "start")

    @property
    def pid(self) -> int:
        return int((self.folder / "postmaster.pid").read_text().splitlines()[0])

    def stop(self) -> None:
        self._run(program("pg_ctl"), "-D", str(self.folder), "-m", "immediate", "-w", "stop")

    def url(self, name: str) -> str:
        return f"postgresql://{self.owner}@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str = "template1") -> str:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)
        return self.url(name)
