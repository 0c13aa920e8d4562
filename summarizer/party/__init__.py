"""Who a name in an article is: countries, persons, offices, organisations and groups of them."""

from summarizer.party.cast import Cast, read_cast
from summarizer.party.countries import find_countries

__all__ = ["Cast", "find_countries", "read_cast"]
