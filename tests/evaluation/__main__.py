"""`make evaluate`: measure how well questions are understood, print it, and write `docs/answer-quality.md`."""

import sys
from pathlib import Path

from tests.evaluation.measured import measure
from tests.evaluation.report import report

REPORT = Path(__file__).parents[2] / "docs" / "answer-quality.md"


def main() -> None:
    told = report(measure())
    REPORT.write_text(told, "utf-8")
    sys.stdout.write(told)


if __name__ == "__main__":
    main()
