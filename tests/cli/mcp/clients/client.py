"""The official Python client (mcp 2.x) against `secrets mcp`.

    client.py PROGRAM MODE     MODE: legacy, auto, or a revision as 2026-07-28

The value to store is in CANARY. Prints nothing but `ok`; a failure is a traceback and exit code 1.
"""

import json
import os
import sys
import urllib.parse
import urllib.request

import anyio
from mcp import Client, StdioServerParameters
from mcp.types import ElicitResult, Implementation

KEY = "project/consilio/stripe_api_key"
TOOLS = {
    "set_secret", "get_secret", "list_secrets", "generate_secret", "rotate_secret",
    "verify_secrets", "restore_env", "import_env", "diff_env", "secret_history",
}


def failed(result):
    """What a tool says that refuses."""
    assert result.is_error, "this was to be refused"
    return json.loads(result.content[1].text)["error"]


def given(result):
    """What a tool gives; its text says the same."""
    assert not result.is_error, failed(result)
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


async def main(program, mode):
    canary = os.environ["CANARY"]
    server = StdioServerParameters(command=program, args=["mcp"], env=dict(os.environ))
    me = Implementation(name="python-sdk", version="2")
    async with Client(server, mode=mode, client_info=me, read_timeout_seconds=60) as client:
        expected = "2025-11-25" if mode == "legacy" else "2026-07-28"
        assert client.protocol_version == expected, client.protocol_version
        listed = await client.list_tools()
        assert {tool.name for tool in listed.tools} == TOOLS
        # The client checks each answer against the tool's output schema.
        assert all(tool.output_schema for tool in listed.tools)

        async def call(name, arguments):
            return await client.call_tool(name, arguments)

        stored = given(await call("set_secret", {
            "keyPath": KEY,
            "value": canary,
            "description": "Stripe API key for payment processing",
        }))
        assert stored["keyPath"] == KEY
        assert given(await call("get_secret", {"keyPath": KEY}))["value"] == canary
        secrets = given(await call("list_secrets", {"scope": "project", "project": "consilio"}))
        assert [secret["keyPath"] for secret in secrets["secrets"]] == [KEY]
        error = failed(await call("set_secret", {"keyPath": "project/consilio/test_key", "value": canary}))
        assert error["code"] == "description_missing" and error["hints"], error
        error = failed(await call("get_secret", {"keyPath": "consilio-stripe-key"}))
        assert "project/consilio/stripe_key" in error["hints"][0], error
        error = failed(await call("set_secret", {"keyPath": KEY, "description": "For the payments of users"}))
        assert error["code"] == "value_not_given", error
        jwt = "project/consilio/jwt_secret"
        given(await call("generate_secret", {"keyPath": jwt, "description": "Signs the session tokens of users"}))
        assert given(await call("rotate_secret", {"keyPath": jwt}))["version"] == 2
        assert given(await call("diff_env", {"project": "consilio"}))["same"]
        assert given(await call("verify_secrets", {}))["ok"]
        given(await call("restore_env", {"project": "consilio", "dryRun": True}))
        given(await call("import_env", {"project": "consilio"}))
        assert len(given(await call("secret_history", {"keyPath": jwt}))["versions"]) == 2

        answers = {}

        async def one(number):
            answers[number] = given(await call("get_secret", {"keyPath": KEY}))["value"]

        async with anyio.create_task_group() as tasks:
            for number in range(12):
                tasks.start_soon(one, number)
        assert answers == {number: canary for number in range(12)}

    # With a client that opens pages the user types the value there; here the "browser" is urllib.
    async def opened(_context, params):
        assert params.mode == "url", params
        request = urllib.request.Request(params.url, data=urllib.parse.urlencode({"value": canary}).encode())
        page = await anyio.to_thread.run_sync(lambda: urllib.request.urlopen(request, timeout=30).read())
        assert b"choose Continue" in page
        return ElicitResult(action="accept")

    async with Client(
        server, mode=mode, client_info=me, read_timeout_seconds=60, elicitation_callback=opened
    ) as client:
        typed = {"keyPath": "project/consilio/typed_key", "description": "Telegram bot that sends the alerts"}
        assert given(await client.call_tool("set_secret", typed))["vault"] == "created"
        got = given(await client.call_tool("get_secret", {"keyPath": typed["keyPath"]}))
        assert got["value"] == canary
    print("ok")


anyio.run(main, *sys.argv[1:])
