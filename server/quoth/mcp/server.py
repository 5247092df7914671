"""The server of the Model Context Protocol over the site: the tools, the resources and the prompts.

The protocol is the package's (https://modelcontextprotocol.io/specification). Handlers run on an event loop, the work
in threads. Where the transport is HTTP, the scope of its request has our own Request (``message.KEY``).
"""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any, TypeVar

from anyio import to_thread
from mcp.server.caching import CacheHint
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
)

from quoth import __version__
from quoth.engine.api import deadline
from quoth.engine.api.client import Caller
from quoth.errors import QuothError
from quoth.http import message
from quoth.mcp import prompts, resources, tools
from quoth.mcp.call import Call
from quoth.mcp.corpus_text import visible
from quoth.mcp.model_tool import RULES
from quoth.mcp.statuses import of_error
from quoth.mcp.turns import Turns
from quoth.web.core.site import Site

T = TypeVar("T")
Context = ServerRequestContext[Any, Any]
Page = PaginatedRequestParams | None

_LASTING = CacheHint(ttl_ms=3_600_000, scope="public")
"""What is the same for everybody until another version is installed."""

INSTRUCTIONS = " ".join((*RULES, tools.DATA))
"""What a client tells its model about this server."""


def make_server(site: Callable[[], Site], turns: Turns | None = None) -> Server[Any]:
    """The server over the site that ``site`` gives, which may be that of another release each time. ``turns``: those in
    which clients have their tools run; without, all run at once."""
    waiting = turns.turn if turns else lambda caller: nullcontext()

    async def list_tools(context: Context, params: Page) -> ListToolsResult:
        return ListToolsResult(tools=tools.listed(site()))

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        if params.name not in tools.TOOLS:
            raise MCPError(INVALID_PARAMS, "there is no such tool", {"tools": [*tools.TOOLS]})
        call, work = Call(site(), _caller(context)), tools.called
        try:
            async with waiting(call.caller):
                return await to_thread.run_sync(partial(work, call, params.name, params.arguments or {}))
        except QuothError as error:  # no turn came
            return tools.failed(call, params.name, error)

    async def list_resources(context: Context, params: Page) -> ListResourcesResult:
        return await _answered(site(), resources.page, (params and params.cursor) or "")

    async def list_templates(context: Context, params: Page) -> ListResourceTemplatesResult:
        return ListResourceTemplatesResult(resource_templates=resources.TEMPLATES)

    async def read_resource(context: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        return await _answered(site(), resources.read, str(params.uri))

    async def list_prompts(context: Context, params: Page) -> ListPromptsResult:
        return ListPromptsResult(prompts=prompts.listed())

    async def get_prompt(context: Context, params: GetPromptRequestParams) -> GetPromptResult:
        return await _answered(site(), lambda _, name: prompts.got(name, params.arguments or {}), params.name)

    return Server(
        "quoth",
        version=__version__,
        title=site().dataset_title,
        instructions=INSTRUCTIONS,
        website_url=site().iris.public,
        cache_hints=dict.fromkeys(("tools/list", "prompts/list", "resources/templates/list"), _LASTING),
        get_tool_input_schema=lambda name: tools.schema(tools.TOOLS[name].arguments) if name in tools.TOOLS else None,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
    )


def _caller(context: Context) -> Caller:
    """The client: of our own Request over HTTP; else one that need not share."""
    known = context.request.scope.get(message.KEY) if context.request is not None else None
    return known.caller if known is not None else Caller()


async def _answered(site: Site, work: Callable[[Site, str], T], argument: str) -> T:
    """The result of some work in a thread. An error is one of the protocol, with its words."""

    def run() -> T:
        deadline.begin(site.settings.query_time_limit_s)
        try:
            return work(site, argument)
        finally:
            deadline.begin(None)

    try:
        return await to_thread.run_sync(run)
    except QuothError as error:
        raise MCPError(INVALID_PARAMS, visible(str(error)), {"status": of_error(error).value}) from None
