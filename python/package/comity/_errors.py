"""What is wrong with what was handed in."""

from __future__ import annotations

import contextlib
import json
from typing import Any, Dict, Iterator, List, Optional

from ._comity import NativeError


class ComityError(ValueError):
    """Everything that is wrong with a policy, with facts or with a question.

    ``str`` writes all messages in few words; ``messages`` has them as ``docs/schema/messages.json`` says, each with its
    code, file, line, help and fixes.
    """

    messages: List[Dict[str, Any]]

    def __init__(self, text: str, messages: List[Dict[str, Any]]) -> None:
        super().__init__(text)
        self.messages = messages

    @property
    def code(self) -> Optional[str]:
        """The code of the first message: ``unknown-name``."""
        return self.messages[0]["code"] if self.messages else None

    @property
    def file(self) -> Optional[str]:
        """The file of the first message, if it is about one."""
        return self.messages[0]["file"] if self.messages else None

    @property
    def line(self) -> Optional[int]:
        """The line of the first message, from 1."""
        start = self.messages[0]["start"] if self.messages else None
        return start["line"] if start else None

    @property
    def help(self) -> Optional[str]:
        """The remedy of the first message."""
        return self.messages[0]["help"] if self.messages else None


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Errors of the native half as errors of Python programs."""
    try:
        yield
    except NativeError as error:
        text, document = error.args
        raise ComityError(text, json.loads(document)["diagnostics"]) from None
