"""docs/cluster.md: its figures follow from its assumptions, and its examples are well formed."""

import ast
import math
import re
from pathlib import Path

import yaml

PAGE = (Path(__file__).parent.parent / "docs/cluster.md").read_text("utf-8")


def read_table(heading: str) -> list[list[str]]:
    """The rows of the table whose heading begins so, without the heading."""
    block = PAGE[PAGE.index(f"| {heading}") :].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()][
        2:
    ]


def number(cell: str) -> float:
    return float(cell.replace(",", ""))


ASSUMED = {name: number(value) for name, value in read_table("assumption")}


def assume(words: str) -> float:
    """The one assumption that begins so."""
    [value] = [value for name, value in ASSUMED.items() if name.startswith(words)]
    return value


PROMPT = assume("prompt tokens an article")
PREFIX = assume("of which the same prefix")
ANSWER = assume("answer tokens an article")
FRESH = PROMPT - PREFIX


def test_the_figures_of_a_hosted_model_follow_from_the_assumptions() -> None:
    each = (
        FRESH * assume("price of a million prompt tokens")
        + PREFIX * assume("price of a million cached")
        + ANSWER * assume("price of a million answer")
    ) / 1_000_000
    rows = read_table("articles | shards")
    assert len(rows) == 3
    for row in rows:
        articles, in_flight = number(row[0]), number(row[4])
        rate = in_flight / assume("seconds a call")
        dollars = articles * each
        assert row == [
            f"{articles:,.0f}",
            f"{articles / assume('articles a shard'):,.0f}",
            f"{articles * PROMPT:,.0f}",
            f"{articles * ANSWER:,.0f}",
            f"{in_flight:,.0f}",
            f"{math.ceil(rate / assume('articles a second')):,}",
            f"{articles / rate / 3600:,.1f}",
            f"{rate * 60 * (PROMPT + ANSWER):,.0f}",
            f"{dollars:,.0f}",
            f"{dollars * assume('share of the price'):,.0f}",
        ]


def test_the_figures_of_a_model_of_ones_own_follow_from_the_assumptions() -> None:
    on_gpu = FRESH / assume("prompt tokens a second") + ANSWER / assume("answer tokens a second")
    on_machine = assume("seconds an article of the embedded model")
    for row in read_table("articles | GPUs"):
        articles, gpus, machines = number(row[0]), number(row[1]), number(row[5])
        gpu_hours, machine_hours = articles * on_gpu / 3600, articles * on_machine / 3600
        assert row[2:5] == [
            f"{gpu_hours:,.0f}",
            f"{gpu_hours / gpus:,.1f}",
            f"{gpu_hours * assume('US dollars an hour of one GPU'):,.0f}",
        ]
        assert row[6:] == [
            f"{machine_hours:,.0f}",
            f"{machine_hours / machines:,.1f}",
            f"{machine_hours * assume('US dollars an hour of such'):,.0f}",
        ]


def test_the_examples_are_well_formed() -> None:
    [documents] = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S)
    kinds = [document["kind"] for document in yaml.safe_load_all(documents)]
    assert kinds == ["DaskCluster", "NetworkPolicy", "Job"]
    for script in re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S):
        ast.parse(script)
