"""Strategies: how a task's questions are put to a model."""

from summarizer.strategy.lexicon import propose_lexicon
from summarizer.strategy.proposal import Proposal, Strategy
from summarizer.strategy.stepwise import propose_stepwise
from summarizer.strategy.whole import propose_whole

STRATEGIES: dict[str, Strategy] = {
    "whole": propose_whole,
    "stepwise": propose_stepwise,
    "lexicon": propose_lexicon,
}

__all__ = ["STRATEGIES", "Proposal", "Strategy"]
