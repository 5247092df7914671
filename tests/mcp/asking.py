"""A client of the protocol for tests, in this process: the server over a site, each call on a loop of its own."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import anyio
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult

from quoth.mcp.server import make_server
from quoth.web.core.site import Site

T = TypeVar("T")


class Assistant:
    """An assistant that asks the server over a site. ``mode`` is how it negotiates the version (mcp.Client)."""

    def __init__(self, site: Site, mode: str = "auto") -> None:
        self._site, self._mode = site, mode

    def talk(self, conversation: Callable[[Client], Awaitable[T]]) -> T:
        """What a conversation comes to. Raises MCPError as the client does."""

        async def talking() -> T | MCPError:
            async with Client(make_server(lambda: self._site), mode=self._mode) as client:
                try:
                    return await conversation(client)
                except MCPError as error:  # the tasks of the client would wrap it
                    return error

        outcome = anyio.run(talking)
        if isinstance(outcome, MCPError):
            raise outcome
        return outcome

    def call(self, tool: str, **arguments: Any) -> CallToolResult:
        """The result of a tool."""
        return self.talk(lambda client: client.call_tool(tool, arguments))

    def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The structured answer of a tool."""
        answer: dict[str, Any] = self.call(tool, **arguments).structured_content
        return answer
