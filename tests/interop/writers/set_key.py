"""python-dotenv's set_key. In: a JSON array of {path, key, value (hex)} on stdin.
Out: one line a job, `ok` or `error MESSAGE`."""

import json
import logging
import sys

from dotenv import set_key

logging.disable(logging.CRITICAL)
for job in json.load(sys.stdin):
    try:
        done, _, _ = set_key(job["path"], job["key"], bytes.fromhex(job["value"]).decode())
        print("ok" if done else "error not set")
    except Exception as error:
        print("error", type(error).__name__)
