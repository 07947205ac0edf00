"""The measurement of commands measures commands: each sent to the real app and to a trivial one, and answered."""

from bench import commands


async def test_every_command_of_every_way_is_acknowledged_before_it_is_answered() -> None:
    taken = await commands.measured(commands=6, rounds=2, at_once=[3])
    assert {(mode, whose) for mode, _many, whose in taken} == {
        (mode, whose) for mode in ("HTTP", "Socket Mode") for whose in ("ours", "the floor")
    }
    assert all(len(rounds) == 2 for rounds in taken.values())
    assert all(one.rate > 0 and one.acknowledged > 0 for rounds in taken.values() for one in rounds)
    assert [row.what for row in commands.rows_of(taken)] == [
        f"{mode}, 3 at a time: {what}"
        for mode in ("HTTP", "Socket Mode")
        for what in ("answered", "99 % acknowledged within")
    ]
