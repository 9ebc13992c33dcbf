"""A member of staff writes to the bot to be known by it in the staff group."""

from handlers.citizens.talk import LinkStaff, Outcome, Situation

MARK = "staff-"


def is_meant(situation: Situation) -> bool:
    return situation.incoming.payload.startswith(MARK)


def introduced(situation: Situation) -> Outcome:
    return Outcome(changes=(LinkStaff(situation.incoming.payload.removeprefix(MARK)),))
