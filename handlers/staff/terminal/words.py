"""How the command line shows progress, and how a mistake is told."""

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class Mistake(Exception):
    """What was typed cannot be done; the text says why and what to do, in Vietnamese."""


def bar(unit: str) -> Progress:
    return Progress(TextColumn(unit), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
