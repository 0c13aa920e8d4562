"""The desk: a local page at which people label articles, compare their labels and settle them."""
