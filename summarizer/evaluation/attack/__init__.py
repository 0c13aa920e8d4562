"""Attack: what hostile sentences in an article change in its summary, counted."""
