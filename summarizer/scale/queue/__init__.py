"""Queue: the same work through a hosted batch queue, in rounds of request files and answer files.

A round is an ordinary run whose requests are not sent. Each is looked up among the answers that
came back; where there is none, it is written into a file for the next batch, and its article waits.
"""
