"""Ways for an answer to reach whoever asked; each shows messages, sheets and files as well as its place can."""

from bot.replies.conversations import Conversation
from bot.replies.homes import Home
from bot.replies.modals import Modal, opened, placed
from bot.replies.response_urls import ResponseUrl
from bot.replies.route import Route

__all__ = ["Conversation", "Home", "Modal", "ResponseUrl", "Route", "opened", "placed"]
