"""Stories: what several members do in turn, made up at random; as lines of Python, so that what went wrong can be read and repeated."""

from earwitness.stories.performing import PHOTO, at_once, known, perform, replied
from earwitness.stories.telling import Story, shorten, stories, tell, tell_all
from earwitness.stories.writing import as_test

__all__ = [
    "PHOTO",
    "Story",
    "as_test",
    "at_once",
    "known",
    "perform",
    "replied",
    "shorten",
    "stories",
    "tell",
    "tell_all",
]
