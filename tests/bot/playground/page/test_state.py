from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground import BEN, GENERAL, PARTNERS, PERSON, LocalSlack, User
from bot.playground.page.state import Memory, Notice, Tab, in_thread, messages, order, people, places, tab
from bot.playground.workspace import Workspace
from tests.clocks import ManualClock

ANYTHING = st.text(max_size=20)


def arrived(workspace: Workspace, address: str) -> Tab:
    """The tab of this address, read as the server reads it."""
    path, query = urlsplit(address).path, dict(parse_qsl(urlsplit(address).query))
    _, _as, user, place = path.split("/")
    return tab(workspace, unquote(user), unquote(place), query)


@given(
    name=ANYTHING.filter(bool),
    channel=ANYTHING.filter(bool),
    opened=st.tuples(ANYTHING, ANYTHING, ANYTHING),
    everything=st.sampled_from(["", "1"]),
)
@settings(max_examples=50)
def test_an_address_leads_back_to_what_the_tab_shows(
    name: str, channel: str, opened: tuple[str, str, str], everything: str
) -> None:
    workspace = Workspace(ManualClock())
    user = workspace.add_user(User("U0ANYBODY1", f"n{name}"))
    workspace.add_channel(f"C{channel}", name, members=[user.id])
    thread, panel, inspect = opened
    for place in places(workspace, user):
        here = Tab(user, place, "" if place.is_home else thread, panel, inspect, bool(everything))
        assert arrived(workspace, here.here) == here
        path, _, query = here.at("send").partition("?")
        assert path == f"{here.here.partition('?')[0]}/send"
        assert query == here.here.partition("?")[2]
        assert arrived(workspace, here.to()) == Tab(user, place)


def test_people_and_their_places_are_those_of_the_workspace() -> None:
    workspace = Workspace(ManualClock())
    gone = workspace.add_user(User("U0GONE0001", "gone", deleted=True))
    assert [one.name for one in people(workspace)] == ["ada", "ben"]
    assert gone not in people(workspace)
    old = workspace.add_channel("C0OLD00001", "old", members=[BEN])
    old.is_archived = True
    workspace.add_channel("C0PRIVATE1", "private", members=[BEN], is_private=True)
    assert [one.slug for one in places(workspace, workspace.users[BEN])] == [
        *("C0GENERAL1", "C0RANDOM01", "C0PRIVATE1", "messages", "home")
    ]
    # Eve is of another team: she is reached by address alone, and is where she is a member.
    assert [one.slug for one in places(workspace, workspace.users["U0OUTSIDER"])] == [PARTNERS, "messages", "home"]


def test_what_is_read_stays_read_and_only_others_messages_count() -> None:
    workspace = Workspace(ManualClock())
    memory = Memory(workspace)
    hers = tab(workspace, "ada", GENERAL, {})
    place, ada, ben = hers.place, hers.user, workspace.users[BEN]
    for number in range(12):
        workspace.post(GENERAL, {"text": str(number)}, author=BEN)
    workspace.post(GENERAL, {"text": "Only for Ada"}, user=PERSON)
    workspace.post(GENERAL, {"text": "In a thread"}, thread_ts="1.1")
    assert (memory.unread(ada, place), memory.unread(ben, place)) == (13, 0)
    memory.read(hers)
    count = workspace.news.count
    memory.read(hers)
    assert workspace.news.count == count
    assert memory.unread(ada, place) == 0
    workspace.post(GENERAL, {"text": "More"}, author=PERSON)
    assert (memory.unread(ada, place), memory.unread(ben, place)) == (0, 1)
    home = tab(workspace, "ada", "home", {"thread": "1.1"})
    memory.read(home)
    assert (home.thread, memory.unread(ada, home.place)) == ("", 0)


def test_a_home_has_no_messages() -> None:
    slack = LocalSlack()
    home, memory = tab(slack.workspace, "ada", "home", {}), Memory(slack.workspace)
    assert messages(slack, memory, home) == in_thread(slack, memory, home) == []


def test_a_notice_is_seen_where_it_belongs() -> None:
    workspace = Workspace(ManualClock())

    def seen(by: Tab, thread: str = "", **where: Any) -> bool:
        return Notice("1.1", "Said", **where).seen_by(by, thread=thread)

    hers, his, elsewhere = (
        tab(workspace, *where, {}) for where in (("ada", GENERAL), ("ben", GENERAL), ("ada", "home"))
    )
    assert [seen(one) for one in (hers, his, elsewhere)] == [True, True, True]
    assert [seen(one, user=PERSON) for one in (hers, his, elsewhere)] == [True, False, True]
    assert [seen(one, channel=GENERAL) for one in (hers, his, elsewhere)] == [True, True, False]
    assert (
        seen(
            hers,
            thread="2.2",
            channel=GENERAL,
        )
        is False
    )
    assert Notice("1.1", "Said", channel=GENERAL, thread="2.2").seen_by(hers, thread="2.2")
    assert not Notice("1.1", "Said", channel=GENERAL, thread="2.2").seen_by(hers)


def test_messages_are_in_the_order_of_their_numbers() -> None:
    stamps = ["9.999999", "10.000002", "10.000010", "10.1000000"]
    assert sorted([stamps[2], stamps[0], stamps[3], stamps[1]], key=order) == stamps
