"""Answers rest on one another, and are yes unless something shows a no."""

from __future__ import annotations

from itertools import pairwise

import pytest

from scripts.drift.schemas.answers import Answers


class Questions:
    """Questions by name, each with those that it rests on. A name in capitals is a no of its own."""

    def __init__(self, **resting: str) -> None:
        self.resting = resting
        self.asked: list[str] = []
        self.answers = Answers(self.judge)

    def judge(self, name: str) -> bool:
        self.asked.append(name)
        return name.islower() and all(self.answers.of(other) for other in self.resting.get(name, ""))


@pytest.mark.parametrize(
    ("resting", "expected"),
    [
        ({}, True),
        ({"a": "a"}, True),
        ({"a": "b", "b": "a"}, True),
        ({"a": "N"}, False),
        ({"a": "b", "b": "aN"}, False),
        ({"a": "bc", "b": "a", "c": "N"}, False),
        ({"a": "b", "b": "c", "c": "bd", "d": "aN"}, False),
    ],
)
def test_the_answer_is_no_if_it_rests_on_a_no(resting: dict[str, str], expected: bool) -> None:  # noqa: FBT001 - a value
    assert Questions(**resting).answers.of("a") == expected


def test_a_yes_does_not_outlive_the_no_that_it_rests_on() -> None:
    questions = Questions(a="bc", b="a", c="N")
    assert [questions.answers.of(name) for name in "abc"] == [False, False, False]


def test_a_question_is_judged_once_unless_something_below_it_is_no() -> None:
    questions = Questions(a="bc", b="ca", c="ab")
    assert questions.answers.of("a")
    assert sorted(questions.asked) == ["a", "b", "c"]


def test_long_chains_of_questions_have_answers() -> None:
    names = [f"q{index}" for index in range(5000)]
    following = dict(pairwise([*names, "N"]))
    answers: Answers[str] = Answers(lambda name: name != "N" and answers.of(following[name]))
    assert not answers.of("q0")
