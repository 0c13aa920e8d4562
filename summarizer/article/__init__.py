"""One news article: read from any source, split into sentences, its page's furniture marked."""

from summarizer.article.assembly import make_article
from summarizer.article.document import Article, Role, Sentence
from summarizer.article.intake import Unreadable
from summarizer.article.reading import read_articles

__all__ = ["Article", "Role", "Sentence", "Unreadable", "make_article", "read_articles"]
