"""A demo Famulor API: a real HTTP server on loopback, with invented assistants, changes, and faults on order."""

from shared.demo import faults
from shared.demo.api import DEMO_KEY, DemoApi, Received
from shared.demo.assistants import PLANTED, demo_assistants
from shared.demo.many import many_assistants

__all__ = ["DEMO_KEY", "PLANTED", "DemoApi", "Received", "demo_assistants", "faults", "many_assistants"]
