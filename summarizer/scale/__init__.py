"""Scale: the same work on a cluster, or through a hosted batch queue."""
