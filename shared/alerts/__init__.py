"""Who is to be told of which change, when, and in which message: decided from plain values; pure."""

from shared.alerts.decisions import Audience, Decisions, DeliveryKind, Happening, Message, Ruling, Story, decide
from shared.alerts.matters import Course, Key, Matter, Standing, family, key
from shared.alerts.quiet import Daily, QuietHours, held_until
from shared.alerts.subscriptions import Mute, Subscription
from shared.alerts.verdicts import Asker, Verdict, Why

__all__ = [
    "Asker",
    "Audience",
    "Course",
    "Daily",
    "Decisions",
    "DeliveryKind",
    "Happening",
    "Key",
    "Matter",
    "Message",
    "Mute",
    "QuietHours",
    "Ruling",
    "Standing",
    "Story",
    "Subscription",
    "Verdict",
    "Why",
    "decide",
    "family",
    "held_until",
    "key",
]
