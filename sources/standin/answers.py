"""All endpoints of the stand-in server that cost units."""

from collections.abc import Mapping

from sources.standin.answer import Answering
from sources.standin.answers_people import PEOPLE_ANSWERS
from sources.standin.answers_posts import POST_ANSWERS
from sources.standin.answers_talk import TALK_ANSWERS

ANSWERS: Mapping[str, Answering] = {**POST_ANSWERS, **PEOPLE_ANSWERS, **TALK_ANSWERS}
