"""What the tools answer: the same data as compact text and as structured content, within a budget of tokens."""

from mcp_server.answers.audits import AuditAnswer
from mcp_server.answers.changes import ChangesAnswer
from mcp_server.answers.details import DetailAnswer, detail_answer
from mcp_server.answers.pages import Listing, PageAnswer
from mcp_server.answers.results import Answer, as_error, as_result

__all__ = [
    "Answer",
    "AuditAnswer",
    "ChangesAnswer",
    "DetailAnswer",
    "Listing",
    "PageAnswer",
    "as_error",
    "as_result",
    "detail_answer",
]
