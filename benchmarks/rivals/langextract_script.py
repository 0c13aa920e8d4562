"""One article for LangExtract, as its documentation shows: question on stdin, answer on stdout.

Its defaults, but for the temperature of 0 that it advises for the same answer every time: its own
cutting into pieces, its own schema made from the examples, its own finding of what was quoted.
Runs in the environment of benchmarks/requirements.txt.
"""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import langextract as lx  # type: ignore[import-not-found,unused-ignore]  # not in the project's own environment
from langextract.prompt_validation import (  # type: ignore[import-not-found,unused-ignore]
    PromptValidationLevel,
)
from langextract.providers.openai import (  # type: ignore[import-not-found,unused-ignore]
    OpenAILanguageModel,
)
from langextract.providers.schemas.openai import (  # type: ignore[import-not-found,unused-ignore]
    OpenAISchema,
)


class CountedModel(OpenAILanguageModel):  # type: ignore[misc,unused-ignore]
    """LangExtract's model for OpenAI's protocol, which adds up what its calls took."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.usages: list[Any] = []

    def _response_to_scored_output(self, response: Any) -> Any:
        self.usages.append(response.usage)
        return super()._response_to_scored_output(response)


def make_examples(examples: list[dict[str, Any]]) -> list[Any]:
    """Each record as an extraction: its sentence in the body, and its fields as attributes."""
    return [
        lx.data.ExampleData(
            text=example["text"],
            extractions=[
                lx.data.Extraction(
                    extraction_class=record["kind"],
                    extraction_text=record["evidence"][-1],
                    attributes=dict(list_attributes(record)),
                )
                for record in example["answer"]["records"]
            ],
        )
        for example in examples
    ]


def list_attributes(record: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """A record's fields but for its kind and its evidence, which are the extraction's own."""
    for name, value in record.items():
        if name not in ("kind", "evidence"):
            yield name, value


def make_model(question: dict[str, Any], examples: list[Any]) -> CountedModel:
    """The model as `lx.extract` would make it, with its schema of the examples."""
    model = CountedModel(
        model_id=question["model"],
        api_key=question["api_key"],
        base_url=question["base_url"],
        temperature=0.0,
        seed=question["seed"],
        max_output_tokens=question["max_tokens"],
    )
    model.apply_schema(OpenAISchema.from_examples(examples))
    return model


def read_extraction(extraction: Any) -> dict[str, Any]:
    """An extraction as a record; one that LangExtract did not find in the text has no span."""
    place = extraction.char_interval
    span = None if place is None else [place.start_pos, place.end_pos]
    attributes = extraction.attributes or {}
    return {**attributes, "kind": extraction.extraction_class, "span": span}


def count_cached(usage: Any) -> int:
    """Tokens of the prompt that the server had read before."""
    return getattr(usage.prompt_tokens_details, "cached_tokens", None) or 0


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Ask, and say what it took."""
    examples = make_examples(question["examples"])
    model = make_model(question, examples)
    records, error = [], None
    began = time.perf_counter()
    try:
        found = lx.extract(
            text_or_documents=question["text"],
            prompt_description=question["instructions"],
            examples=examples,
            model=model,
            use_schema_constraints=False,  # it is applied already
            additional_context=f"Published: {question['published']}",
            prompt_validation_level=PromptValidationLevel.OFF,  # it fails on one without a record
            show_progress=False,
        )
        records = [read_extraction(one) for one in found.extractions or [] if one.char_interval]
    except Exception as failure:  # whatever the model's answers made of it; else it is our fault
        if not model.usages:
            raise
        error = " ".join(f"{type(failure).__name__}: {failure}".split())[:300]
    return {
        "seconds": round(time.perf_counter() - began, 3),
        "calls": len(model.usages),
        "prompt_tokens": sum(usage.prompt_tokens for usage in model.usages),
        "cached_tokens": sum(map(count_cached, model.usages)),
        "completion_tokens": sum(usage.completion_tokens for usage in model.usages),
        "error": error,
        "records": records,
    }


if __name__ == "__main__":
    print(json.dumps(answer(json.load(sys.stdin))))
