"""Lexicon tables: one entry a line, cells divided by `|`."""


def rows(table: str) -> list[list[str]]:
    """The cells of each line that is not blank."""
    return [
        [cell.strip() for cell in line.split("|")] for line in table.splitlines() if line.strip()
    ]
