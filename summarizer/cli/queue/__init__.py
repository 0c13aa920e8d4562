"""`summarizer batch`: articles through a hosted batch queue, at half the price and within a day."""

from summarizer.cli.queue.app import batch_app

__all__ = ["batch_app"]
