"""Labels: articles with the records that careful readers found in them."""
