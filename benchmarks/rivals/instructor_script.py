"""One article for the script that most people would write with instructor: one call, one schema.

A question on stdin, an answer on stdout. Its defaults, but for a temperature of 0. Runs in the
environment of benchmarks/requirements.txt.
"""

import json
import sys
import time
from typing import Annotated, Any, Literal

import instructor
import openai
from instructor.core.exceptions import InstructorRetryException
from pydantic import BaseModel, Field


class Commitment(BaseModel):
    """What agreements and pledges have in common."""

    evidence: list[str]
    parties: list[str]
    action: str
    status: Literal["new", "reaffirmed", "past"]
    strength: Literal["binding", "firm", "intention", "affirmation"]
    topic: Literal[
        "security",
        "economy",
        "technology",
        "energy_climate",
        "history",
        "people",
        "humanitarian",
        "diplomacy",
        "other",
    ]
    condition: str | None
    timeframe: str | None
    occasion: str | None
    attributed_to: str | None


class Agreement(Commitment):
    """Two or more parties jointly undertake something."""

    kind: Literal["agreement"]


class Pledge(Commitment):
    """One party undertakes something."""

    kind: Literal["pledge"]
    counterparts: list[str]


class Summary(BaseModel):
    """What one article reports."""

    gist: str
    records: list[Annotated[Agreement | Pledge, Field(discriminator="kind")]]


def write_messages(question: dict[str, Any]) -> list[dict[str, str]]:
    """The instructions, the examples as turns, and the article."""
    turns = [{"role": "system", "content": question["instructions"]}]
    for example in question["examples"]:
        turns.append({"role": "user", "content": example["text"]})
        turns.append({"role": "assistant", "content": json.dumps(example["answer"])})
    article = f"Published: {question['published']}\n\n{question['text']}"
    return [*turns, {"role": "user", "content": article}]


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """Ask, and say what it took; instructor adds up the tokens of what it asks again."""
    client = instructor.from_openai(
        openai.OpenAI(base_url=question["base_url"], api_key=question["api_key"]),
        mode=instructor.Mode.JSON_SCHEMA,
    )
    calls: list[None] = []
    client.on("completion:response", lambda _: calls.append(None))
    began = time.perf_counter()
    records, error, usage = [], None, None
    try:
        summary, completion = client.chat.completions.create_with_completion(
            model=question["model"],
            messages=write_messages(question),  # type: ignore[arg-type]  # plain dicts will do
            response_model=Summary,
            temperature=0.0,
            seed=question["seed"],
            max_tokens=question["max_tokens"],
        )
        usage = completion.usage
        records = [
            {**record.model_dump(exclude={"evidence"}), "quotes": record.evidence}
            for record in summary.records
        ]
    except (InstructorRetryException, openai.OpenAIError) as failure:
        usage = getattr(failure, "total_usage", None)
        error = " ".join(str(failure).split())[:300]
    details = getattr(usage, "prompt_tokens_details", None)
    return {
        "seconds": round(time.perf_counter() - began, 3),
        "calls": len(calls),
        "prompt_tokens": getattr(usage, "prompt_tokens", None),
        "cached_tokens": getattr(details, "cached_tokens", None),
        "completion_tokens": getattr(usage, "completion_tokens", None),
        "error": error,
        "records": records,
    }


if __name__ == "__main__":
    print(json.dumps(answer(json.load(sys.stdin))))
