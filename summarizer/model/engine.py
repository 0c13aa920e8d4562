"""The child process in which llama.cpp's server runs; started by `summarizer.model.embedded`.

Why a process of its own: while the engine loads a model it holds Python's global lock, so that
Ctrl-C would wait for it; ending it waits for the batch that it is reading; and weights that break
it must not take the program along. Settings come as one line of JSON on stdin, the answer is one
line of JSON on stdout, and the end of stdin, which is the end of the parent, ends the process.
"""

import json
import os
import signal
import sys
from typing import Any


def start_server(settings: dict[str, Any]) -> Any:
    """Load the weights and serve them on a free loopback port; RuntimeError where that fails."""
    import xllamacpp  # type: ignore[import-untyped]  # it ships no types

    params = xllamacpp.CommonParams()
    params.model.path = settings["path"]
    params.model_alias = {settings["name"]}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [settings["api_key"]]
    params.ui = params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    params.offline = True
    # A template by name is built into the engine; with Jinja on, the file's own would be run.
    params.use_jinja = False
    params.chat_template = settings["chat_template"]
    params.n_parallel = settings["parallel"]
    params.n_ctx = settings["context"] * settings["parallel"]
    params.n_batch = params.n_ubatch = settings["batch"]
    params.cache_prompt = True
    # The same server embeds and writes: without pooling it tells the state at every token, as long
    # as all that is read at once fits into one step.
    params.embedding = True
    params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_NONE
    params.cache_ram_mib = settings["cache_mib"]
    params.verbosity = 1  # errors only, on stderr
    return xllamacpp.Server(params)


def main() -> None:
    """Serve until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is for the parent
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever the engine prints is not an answer
    try:
        server = start_server(json.loads(sys.stdin.readline()))
        answer = {"address": server.listening_address}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), file=answers, flush=True)
    if "address" in answer:
        sys.stdin.read()
    os._exit(0)  # the engine's own shutdown would first finish the batch that it is reading


if __name__ == "__main__":
    main()
