"""Routes: the desk's page and what it asks for, as a Starlette application."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from summarizer.desk.draft import Labels
from summarizer.desk.proposal import Proposer
from summarizer.desk.work import Work, find_code, read_names
from summarizer.errors import SummarizerError, UsageError
from summarizer.evaluation.document import explain

FOLDER = Path(__file__).parent / "page"
PAGE = "desk.html"
FILES = ("desk.css", "desk.js", "article.js", "form.js", "settling.js", "pages.js")
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
CONFLICT, INVALID, ABSENT, BROKEN = 409, 422, 404, 500

Endpoint = Callable[[Request], Awaitable[Response]]


def make_app(work: Work, proposer: Proposer | None) -> Starlette:
    """The application; it trusts whoever reaches it, so a `Guard` has to stand before it."""
    pages = [_serve("/", PAGE), *(_serve(f"/{name}") for name in FILES)]
    answering = Answering(work, proposer)
    asked = [
        ("/api/desk", "GET", answering.describe),
        ("/api/case", "GET", answering.open),
        ("/api/gold", "GET", answering.read_gold),
        ("/api/code", "GET", answering.find_code),
        ("/api/draft", "PUT", answering.keep),
        ("/api/save", "POST", answering.save),
        ("/api/proposal", "POST", answering.propose),
        ("/api/compare", "GET", answering.compare),
        ("/api/settle", "POST", answering.settle),
    ]
    routes = [Route(path, _explain(answer), methods=[method]) for path, method, answer in asked]
    return Starlette(routes=[*pages, *routes])


def _serve(path: str, name: str | None = None) -> Route:
    file = FOLDER / (name or path.removeprefix("/"))

    async def answer(_request: Request) -> Response:
        return Response(file.read_bytes(), media_type=TYPES[file.suffix])

    return Route(path, answer, methods=["GET"])


def _explain(answer: Endpoint) -> Endpoint:
    """Say what goes wrong in one line, as JSON; a traceback would help nobody at a page."""

    async def explained(request: Request) -> Response:
        try:
            return await answer(request)
        except UsageError as error:
            return JSONResponse({"error": str(error)}, ABSENT)
        except ValidationError as error:
            return JSONResponse({"error": explain(error)}, INVALID)
        except SummarizerError as error:
            return JSONResponse({"error": str(error)}, BROKEN)
        except OSError as error:
            return JSONResponse({"error": f"{error.filename}: {error.strerror}"}, BROKEN)

    return explained


class Answering:
    """One method for each address; none that writes is overtaken by another."""

    def __init__(self, work: Work, proposer: Proposer | None) -> None:
        self._work = work
        self._proposer = proposer

    async def describe(self, _request: Request) -> Response:
        """The annotator, the form and the cases."""
        return JSONResponse(self._work.describe())

    async def open(self, request: Request) -> Response:
        """One case."""
        return JSONResponse(self._work.open(_case(request)))

    async def read_gold(self, request: Request) -> Response:
        """The labels that count."""
        return JSONResponse(self._work.read_gold(_case(request)))

    async def find_code(self, request: Request) -> Response:
        """The code of a country's name."""
        return JSONResponse({"code": find_code(request.query_params.get("name", ""))})

    async def keep(self, request: Request) -> Response:
        """Keep a draft; 409 with what is kept where another tab was faster."""
        data = await _read(request)
        labels = Labels.model_validate(data.get("labels"))
        done, told = self._work.keep(_case(request), labels, revision=_revision(data))
        return JSONResponse(told, 200 if done else CONFLICT)

    async def save(self, request: Request) -> Response:
        """Save the draft; 422 with all that is wrong, 409 with a question or a newer draft."""
        data = await _read(request)
        gold = data.get("gold", "ask")
        if gold not in ("ask", "replace", "keep"):
            raise UsageError("gold: ask, replace or keep")
        done, told = self._work.save(_case(request), revision=_revision(data), gold=gold)
        return JSONResponse(told, _code(told) if done else CONFLICT)

    async def propose(self, request: Request) -> Response:
        """What the model finds; that it was asked is on the disk before anybody sees it."""
        if self._proposer is None:
            raise UsageError("no model: start the desk with --model")
        id = _case(request)
        article = self._work.find(id).read_article()
        records = await asyncio.wrap_future(self._proposer.submit(article))
        draft = self._work.note_proposal(id, self._proposer.model)
        return JSONResponse({**draft, "records": records})

    async def compare(self, request: Request) -> Response:
        """What two readers have otherwise."""
        return JSONResponse(self._work.compare(_case(request), read_names(request.query_params)))

    async def settle(self, request: Request) -> Response:
        """Write what was decided as the fixture."""
        data = await _read(request)
        names = read_names(request.query_params)
        told = self._work.settle(_case(request), names, replaces=data.get("gold") == "replace")
        return JSONResponse(told, _code(told))


def _code(told: dict[str, Any]) -> int:
    return {"saved": 200, "invalid": INVALID, "question": CONFLICT}[told["status"]]


def _case(request: Request) -> str:
    return request.query_params.get("case", "")


async def _read(request: Request) -> dict[str, Any]:
    try:
        data = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError) as error:
        raise UsageError("the request is not JSON") from error
    if not isinstance(data, dict):
        raise UsageError("the request is not a JSON object")
    return data


def _revision(data: dict[str, Any]) -> int:
    revision = data.get("revision")
    if not isinstance(revision, int):
        raise UsageError("the request names no revision")
    return revision
