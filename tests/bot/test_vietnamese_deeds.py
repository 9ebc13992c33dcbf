"""What a story of wrongdoing is made of."""

from bot.vietnamese.deeds import deeds


def test_words_stand_for_their_kind() -> None:
    assert deeds("truong thon lay tien cuu tro".split()) == ["<official>", "<takes>", "<money>", "<aid>"]


def test_the_longest_that_is_said_counts() -> None:
    assert deeds("chu tich an chan tram trieu".split()) == ["<official>", "<takes>", "<money>"]


def test_other_words_have_no_kind() -> None:
    assert deeds("nap cong bi mat".split()) == []
