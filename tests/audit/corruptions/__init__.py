"""What the attacker of the tests writes into the database, and the line by which check_integrity answers.

Each module has the corruptions of one subject. The statements may name what `tests.audit.scene` returns, in braces.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Corruption:
    """One corruption: what was done, the statements that do it, and a part of the line that has to be printed."""

    name: str
    statements: tuple[str, ...]
    line: str


def corruption(name: str, *statements: str, line: str) -> Corruption:
    """Return the corruption that these statements make."""
    return Corruption(name, statements, line)


def changed(name: str, table: str, key: str, line: str, /, **values: object) -> Corruption:
    """Return the corruption that sets columns of the row of `table` whose primary key has this name in the scene."""
    assigned = ", ".join(f"{column} = {_sql(value)}" for column, value in values.items())
    return corruption(name, f"UPDATE {table} SET {assigned} WHERE id = {{{key}}}", line=line)


def deleted(name: str, *rows: tuple[str, str], line: str) -> Corruption:
    """Return the corruption that deletes these rows, given as the table and a condition."""
    return corruption(name, *(f"DELETE FROM {table} WHERE {condition}" for table, condition in rows), line=line)


def _sql(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return text[1:] if text.startswith("=") else f"'{text}'"
