"""The official Python client of the line 1.x, as most agents still have it, against `secrets mcp`.

    client_1.py PROGRAM

The value to store is in CANARY. Prints nothing but `ok`; a failure is a traceback and exit code 1.
"""

import json
import os
import sys

import anyio
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

KEY = "project/consilio/stripe_api_key"


async def main(program):
    canary = os.environ["CANARY"]
    server = StdioServerParameters(command=program, args=["mcp"], env=dict(os.environ))
    async with stdio_client(server) as pipes, ClientSession(*pipes) as session:
        begun = await session.initialize()
        assert begun.protocolVersion == "2025-11-25", begun.protocolVersion
        assert len((await session.list_tools()).tools) == 10

        stored = await session.call_tool("set_secret", {
            "keyPath": KEY,
            "value": canary,
            "description": "Stripe API key for payment processing",
        })
        assert not stored.isError, stored.content[0].text
        got = await session.call_tool("get_secret", {"keyPath": KEY})
        assert got.structuredContent["value"] == canary
        refused = await session.call_tool("set_secret", {"keyPath": KEY, "valeu": canary})
        error = json.loads(refused.content[1].text)["error"]
        assert refused.isError and error["hints"] == ["did you mean value?"], error
        await session.send_ping()
    print("ok")


anyio.run(main, *sys.argv[1:])
