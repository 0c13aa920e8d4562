"""Who a name in an article is: countries, persons, offices, organisations and groups of them."""

from summarizer.party.cast import Cast, read_cast

__all__ = ["Cast", "read_cast"]
