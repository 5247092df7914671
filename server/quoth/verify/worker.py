"""The program of a process that holds texts against the record: ``python -m quoth.verify.worker CONFIG``.

It opens the record, and forks a process for each text, which has a limit of time (a timer of the kernel, whose signal
ends it wherever it is) and of memory, and is gone with all of the text afterwards. Standard input brings requests,
standard output takes an answer to each, after an empty one when the record is open: four bytes of length (big-endian),
and that many of JSON. A request has ``text``, ``language``, ``whole``, ``format`` (text, json, sarif or page) and
``limit_s``; an answer has ``body``, or ``error`` (the name of a class in quoth.errors) with its members. No answer but
the report has words of the text, and nothing is written anywhere else.
"""

import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Mapping
from typing import IO, Any

from quoth.errors import QuothError
from quoth.verify import html_report, json_report, sarif, text_report
from quoth.verify.court import Court
from quoth.verify.findings import Report
from quoth.verify.submitted import submitted

HEAD = struct.Struct(">I")
NAME = "text"
"""What reports call a text that came without the name of a file."""

_SLACK_S = 0.5
"""Seconds beyond its limit for which a process may go on, so that it can say itself that the time is up."""


def read(stream: IO[bytes]) -> bytes | None:
    """The next message of a stream; None at its end."""
    head = stream.read(HEAD.size)
    return stream.read(HEAD.unpack(head)[0]) if len(head) == HEAD.size else None


def framed(message: Mapping[str, Any]) -> bytes:
    """A message as it is sent."""
    data = json.dumps(message).encode()
    return HEAD.pack(len(data)) + data


def written(report: Report, text: str, format: str, verbose: bool = False) -> Any:
    """The report in a format; as a page, what the page is made of."""
    if format == "json":
        return json_report.written(report)
    if format == "sarif":
        return sarif.written(report, NAME, submitted(text).line_and_column)
    if format == "text":
        return "\n".join([*text_report.lines(report, NAME, verbose=verbose), text_report.summary(report), ""])
    return {"report": json_report.as_json(report), "marked": html_report.marked(report, text)}


def _answer(court: Court, request: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        text = request["text"]
        report = court.verify(text, request["language"], whole=request["whole"], limit_s=request["limit_s"])
        return {"body": written(report, text, request["format"])}
    except QuothError as error:
        return _told(error)
    except MemoryError:
        return {"error": "memory"}
    except Exception as error:
        # Its message may have words of the text, so that only its place is told.
        frame = error.__traceback__
        while frame is not None and frame.tb_next is not None:
            frame = frame.tb_next
        where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else ""
        return {"error": "unexpected", "detail": f"{type(error).__name__} at {where}"}


def _told(error: QuothError) -> Mapping[str, Any]:
    limit = [error.limit.name, error.limit.value] if error.limit else None
    return {"error": type(error).__name__, "detail": error.detail, "remedy": error.remedy, "limit": limit}


def _judge(court: Court, request: Mapping[str, Any], memory_mb: int) -> None:
    """In a process of its own: answer the request, and end."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 2**20,) * 2)
    signal.setitimer(signal.ITIMER_REAL, request["limit_s"] + _SLACK_S)
    _send(_answer(court, request))
    os._exit(0)


def _send(message: Mapping[str, Any]) -> None:
    data = memoryview(framed(message))
    while data:
        data = data[os.write(1, data) :]


def main(config: Mapping[str, Any]) -> None:
    """Answer requests until there are none."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    court = Court(config["releases"], config["texts"], config["number"])
    court.verify("She said that the ferry was late.")  # so that word lists and weights are read
    _send({})
    while (data := read(sys.stdin.buffer)) is not None:
        court.open()  # anew, what was redacted since
        request = json.loads(data)
        pid = os.fork()
        if pid == 0:
            try:
                _judge(court, request, config["memory_mb"])
            finally:
                os._exit(1)
        del data, request
        _, status = os.waitpid(pid, 0)
        if status:  # it ended in the middle, and the pool has to know
            os._exit(1 if os.WIFEXITED(status) else os.WTERMSIG(status))


if __name__ == "__main__":
    try:
        main(json.loads(sys.argv[1]))
    except QuothError as error:  # the record cannot be opened
        _send(_told(error))
