"""Work: what one annotator does at a desk, case by case; nothing here knows of the network."""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from summarizer.article import Article
from summarizer.desk.casebook import Casebook, Place
from summarizer.desk.difference import Difference
from summarizer.desk.draft import Draft, Labels, read_draft, write_draft
from summarizer.desk.fixture import Answer, describe_source, read_document, read_labels, save_labels
from summarizer.desk.form import describe_form
from summarizer.desk.settlement import Settlement, read_readings
from summarizer.errors import ConfigurationError, UsageError
from summarizer.evaluation.labels.reading import GOLD_NAME

Json = dict[str, Any]
GoldWish = Literal["ask", "replace", "keep"]


@dataclass(frozen=True, slots=True)
class Work:
    """One annotator's work on a casebook; every change is on the disk before it is answered."""

    casebook: Casebook
    annotator: str
    model: str | None = None
    """What can be asked for a proposal."""

    def describe(self) -> Json:
        """Who works here, on which cases, with which form."""
        places = self.casebook.list_places()
        root = str(self.casebook.root.resolve())
        return {
            "root": hashlib.sha256(root.encode()).hexdigest()[:16],
            "annotator": self.annotator,
            "model": self.model,
            "form": describe_form(self.casebook.task),
            "cases": [self._list(place) for place in places],
        }

    def _list(self, place: Place) -> Json:
        return {
            "id": place.id,
            "readers": list(place.list_readers()),
            "has_gold": place.gold.exists(),
            "is_saved": place.reading(self.annotator).exists(),
            "is_unsaved": self._is_unsaved(place),
        }

    def _is_unsaved(self, place: Place) -> bool:
        """A damaged draft counts: it is told when its case is opened, and hides no other case."""
        try:
            draft = read_draft(place.draft(self.annotator))
        except ConfigurationError:
            return True
        return draft is not None and not draft.is_clean

    def find(self, id: str) -> Place:
        """The case of that name; UsageError where there is none."""
        place = self.casebook.find(id)
        if place is None:
            raise UsageError(f"there is no case {id!r} here")
        return place

    def open(self, id: str) -> Json:
        """An article by its sentences, and the annotator's labels of it."""
        place = self.find(id)
        article = place.read_article()
        draft = self._read(place)
        return {
            **self._list(place),
            "language": article.language,
            "sentences": _list_sentences(article),
            "can_start_from_gold": self._can_start_from_gold(place),
            **_describe(draft),
        }

    def _can_start_from_gold(self, place: Place) -> bool:
        """Nobody is shown what another reader found before both have read."""
        others = set(place.list_readers()) - {self.annotator}
        return self.annotator != GOLD_NAME and place.gold.exists() and not others

    def _read(self, place: Place) -> Draft:
        """The draft; where everything in it was saved, what the saved file holds by now."""
        draft = read_draft(place.draft(self.annotator))
        if draft is not None and not draft.is_clean:
            return draft
        article = place.read_article()
        if draft is None:
            return Draft(revision=0, saved=0, labels=read_labels(place, self.annotator, article))
        labels = read_labels(place, self.annotator, article)
        kept = labels.model_copy(update={"decisions": draft.labels.decisions})
        return draft.model_copy(update={"labels": kept})

    def keep(self, id: str, labels: Labels, *, revision: int) -> tuple[bool, Json]:
        """Keep a change made on a revision; False, and what is kept, where that is not the last."""
        place = self.find(id)
        draft = self._read(place)
        if draft.revision != revision:
            return False, _describe(draft)
        changed = draft.model_copy(update={"revision": revision + 1, "labels": labels})
        write_draft(place.draft(self.annotator), changed)
        return True, {"revision": changed.revision}

    def save(self, id: str, *, revision: int, gold: GoldWish) -> tuple[bool, Json]:
        """Save the labels of a revision as a reading, and as the fixture where that is theirs."""
        place = self.find(id)
        article = place.read_article()
        draft = self._read(place)
        if draft.revision != revision:
            return False, _describe(draft)
        answer = save_labels(
            place,
            article,
            draft.labels,
            annotator=self.annotator,
            records=self.casebook.task.records,
            model=draft.pre_annotated_by_model,
            gold=gold,
        )
        if answer.status == "saved":
            write_draft(
                place.draft(self.annotator), draft.model_copy(update={"saved": draft.revision})
            )
        return True, _tell(answer)

    def read_gold(self, id: str) -> Json:
        """The labels that count, to start from; UsageError where others have labelled the case."""
        place = self.find(id)
        if not self._can_start_from_gold(place):
            raise UsageError("the labels of others are shown after you have labelled by yourself")
        return read_labels(place, GOLD_NAME, place.read_article()).model_dump(mode="json")

    def note_proposal(self, id: str, model: str) -> Json:
        """Record that a proposal is about to be seen; the new revision of the draft."""
        place = self.find(id)
        draft = self._read(place)
        changes = {"revision": draft.revision + 1, "pre_annotated_by_model": model}
        changed = draft.model_copy(update=changes)
        write_draft(place.draft(self.annotator), changed)
        return _describe(changed)

    def compare(self, id: str, names: tuple[str, str]) -> Json:
        """What two readers have otherwise; UsageError where one of them has labelled nothing."""
        place = self.find(id)
        readings = read_readings(place, place.read_article(), names, self.casebook.task.records)
        differences = readings.list_differences()
        return {
            "names": list(names),
            "same": sum(pair is not None for *_, pair in readings.align()),
            "differences": [_show(each) for each in differences],
        }

    def settle(self, id: str, names: tuple[str, str], *, replaces: bool) -> Json:
        """Write what the annotator decided on two readings as the fixture, with the rulings."""
        place = self.find(id)
        article, records = place.read_article(), self.casebook.task.records
        draft = self._read(place)
        settlement = Settlement(
            place,
            read_readings(place, article, names, records),
            names,
            draft.labels.decisions.get("|".join(names), {}),
            self.annotator,
        )
        source = read_document(place.gold).get("source") or draft.labels.source
        labels = Labels(source=source or describe_source(article))
        today = datetime.date.today()
        return _tell(settlement.save(labels, records, today=today, replaces=replaces))


def find_code(name: str) -> str | None:
    """The code of the one country that the name is, and nothing else; None where it is none."""
    from summarizer.party import find_countries

    plain = name.strip()
    found = [one for one in find_countries(plain) if one.end - one.start == len(plain)]
    return found[0].code if len(found) == 1 else None


def _list_sentences(article: Article) -> list[Json]:
    return [
        {
            "number": one.number,
            "start": one.start,
            "end": one.end,
            "paragraph": one.paragraph,
            "role": one.role,
            "quote": article.quote(one),
        }
        for one in article.sentences
    ]


def _describe(draft: Draft) -> Json:
    return {
        "revision": draft.revision,
        "is_unsaved": not draft.is_clean,
        "pre_annotated_by_model": draft.pre_annotated_by_model,
        "labels": draft.labels.model_dump(mode="json"),
    }


def _show(difference: Difference) -> Json:
    return {
        "key": difference.key,
        "item": difference.item,
        "field": difference.field,
        "about": difference.about,
        "values": list(difference.values),
        "choices": list(difference.choices),
        "quotes": list(difference.quotes),
    }


def _tell(answer: Answer) -> Json:
    return {
        "status": answer.status,
        "message": answer.message,
        "files": list(answer.files),
        "problems": [
            {"place": one.place, "message": one.message, "level": one.level}
            for one in answer.problems
        ],
    }


def read_names(query: Mapping[str, str]) -> tuple[str, str]:
    """The two readers that a request names, empty where it names none."""
    return query.get("first", ""), query.get("second", "")
