"""`summarizer ledger`: the records of many articles, searched and linked."""

from summarizer.cli.ledger.app import ledger_app

__all__ = ["ledger_app"]
