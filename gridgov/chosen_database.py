"""The database that the settings chose, made ready: the private one started, the user's own looked at."""

import psycopg

from gridgov import local_postgis

OLDEST_SERVER = 130000  # PostgreSQL 13, in its own numbering
OLDEST_POSTGIS = (3, 0)


class DatabaseNotUsable(RuntimeError):
    """GRIDGOV_DATABASE_URL leads to no usable database. One line, never with the password."""


def make_ready(database: dict) -> None:
    """Make Django's `database` settings usable. Raises DatabaseNotUsable or LocalPostgisProblem."""
    if database["HOST"] == str(local_postgis.PROJECT_CLUSTER.sockets):
        local_postgis.ensure_running()
    # The private one too: GRIDGOV_DATABASE_URL may name a database there that nobody made.
    check_server(database)


def check_server(database: dict) -> None:
    """Connect once to the database; make the extensions that are missing. Raises DatabaseNotUsable."""
    parameters = {"host": database["HOST"], "port": database["PORT"], "user": database["USER"],
                  "password": database["PASSWORD"], "dbname": database["NAME"], "connect_timeout": 10}
    given = {key: value for key, value in parameters.items() if value}
    passed_on = {key: value for key, value in database["OPTIONS"].items() if key != "pool"}
    try:
        connection = psycopg.connect(**given, **passed_on, autocommit=True)
    except psycopg.Error as error:
        raise DatabaseNotUsable(_why_no_connection(error, database)) from None
    with connection:
        _check_version(connection)
        for name in local_postgis.EXTENSIONS:
            _check_extension(connection, name)
        _check_postgis(connection)


def _check_version(connection: psycopg.Connection) -> None:
    if connection.info.server_version < OLDEST_SERVER:
        found, needed = connection.info.server_version // 10000, OLDEST_SERVER // 10000
        raise DatabaseNotUsable(
            f"GRIDGOV_DATABASE_URL 的 PostgreSQL 版本是 {found},至少需要 {needed}。 / "
            f"GRIDGOV_DATABASE_URL leads to PostgreSQL {found}: at least {needed} is needed."
        )


def _check_extension(connection: psycopg.Connection, name: str) -> None:
    if connection.execute("SELECT 1 FROM pg_extension WHERE extname = %s", [name]).fetchone():
        return
    if not connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = %s", [name]).fetchone():
        raise DatabaseNotUsable(
            f"GRIDGOV_DATABASE_URL 的服务器没有安装扩展 {name}。 / "
            f"The server of GRIDGOV_DATABASE_URL has no extension {name}: install its package there."
        )
    try:
        connection.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    except psycopg.errors.InsufficientPrivilege:
        raise DatabaseNotUsable(
            f"GRIDGOV_DATABASE_URL 的用户无权建立扩展 {name},请数据库管理员执行 CREATE EXTENSION {name}。 / "
            f"The user of GRIDGOV_DATABASE_URL may not make the extension {name}: "
            f"ask the server's administrator for CREATE EXTENSION {name}."
        ) from None


def _check_postgis(connection: psycopg.Connection) -> None:
    found = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'postgis'")
    version = found.fetchone()[0]
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_POSTGIS:
        needed = ".".join(map(str, OLDEST_POSTGIS))
        raise DatabaseNotUsable(
            f"GRIDGOV_DATABASE_URL 的 PostGIS 版本是 {version},至少需要 {needed}。 / "
            f"GRIDGOV_DATABASE_URL leads to PostGIS {version}: at least {needed} is needed."
        )


def _why_no_connection(error: psycopg.Error, database: dict) -> str:
    """What libpq said, in one line, without the password should it ever stand there."""
    said = " ".join(str(error).split())
    if password := database["PASSWORD"]:
        said = said.replace(password, "***")
    return (
        f"无法连接 GRIDGOV_DATABASE_URL 的数据库,请检查地址、用户、密码和库名。 / "
        f"GRIDGOV_DATABASE_URL cannot be reached: {said}"
    )
