"""A cluster: one corpus cut into shards, each worked through as a local run, wherever it is placed.

Ours is what has to be right: the plan, the shard with its journal, and how it is published. Where
shards run, what happens when a worker dies, and how many workers there are, is Dask's.
"""
