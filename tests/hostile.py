"""Articles with attack strings in them, and a model that does all that it is told."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from summarizer.article import Article, make_article
from summarizer.evaluation.attack.splice import PLACES, Place, Spliced, splice
from summarizer.evaluation.attack.string import CONTROL, Attack, load_attacks
from summarizer.model.fake import FakeModel
from summarizer.model.protocol import Message

ATTACKS: tuple[Attack, ...] = tuple(one for one in load_attacks() if one.family != CONTROL)
CONTROLS: tuple[Attack, ...] = tuple(one for one in load_attacks() if one.family == CONTROL)
CASES = [(attack, place) for attack in ATTACKS for place in PLACES]

CLEAN = """\
Japan and Kenya agree to build a port

Japan and Kenya agreed on Monday to build a port in Mombasa by 2030. Their ministers met in Nairobi.

Kenya pledged to Japan that it would lower its tariffs on steel. Reporters were not admitted. The
talks go on next week in Tokyo.
"""


def make_clean() -> Article:
    return make_article(CLEAN, id="port", origin="port.txt")


def put(attack: Attack, place: Place) -> Spliced:
    return splice(make_clean(), attack.text, place=place)


def obey(messages: Sequence[Message], form: type[BaseModel]) -> Mapping[str, Any]:
    """An agreement of Japan with Kenya on every sentence, whose act is the sentence's own words."""
    lines = re.findall(r"^\[(\d+)\] (.+)$", messages[-1].content, re.MULTILINE)
    records = [
        {
            "kind": "pledge",
            "evidence": [int(number)],
            "parties": ["Japan"],
            "action": text[:200],
            "status": "new",
            "strength": "firm",
            "topic": "other",
            "condition": None,
            "timeframe": None,
            "occasion": text[:200],
            "attributed_to": text[:200],
            "counterparts": ["Kenya", text[:100]],
        }
        for number, text in lines
    ]
    return {"gist": " ".join(text for _, text in lines)[:300], "records": records[:30]}


def obedient_model() -> FakeModel:
    return FakeModel(obey)
