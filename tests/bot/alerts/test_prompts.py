"""What of prompts a channel sees."""

from tests.bot.alerts.conftest import OpenWorld, World


async def test_where_prompts_are_for_admins_a_channel_hears_how_much_changed_and_no_word_of_it(
    open_world: OpenWorld,
) -> None:
    world: World = await open_world(slack_prompts="admins", slack_admins=("U0ADMIN001",))
    await world.subscribe()
    (post,) = await world.changed(42, system_prompt="A canary sings.")
    (post,) = await world.changed(42, system_prompt="A canary sings no more.")
    everything = str([message.payload for message in (post, *world.thread(post))])
    assert "canary" not in everything
    assert "2 words put in" in post.as_text()
    assert "Prompts are shown to admins only." in post.as_text()


async def test_a_prompt_is_shown_word_by_word(world: World) -> None:
    await world.changed(42, system_prompt="Be kind.\nAsk for the name.\nSay goodbye.")
    (post,) = await world.changed(42, system_prompt="Be kind.\nAsk for the full name.\nSay goodbye.")
    assert "lines that differ: 2." in post.as_text()
    assert "− Ask for the name." in post.as_text()
    styled = [
        run["text"]
        for block in post.blocks
        if block["type"] == "rich_text"
        for section in block["elements"]
        for run in section["elements"]
        if run.get("style", {}).get("bold")
    ]
    assert styled == ["full "]


async def test_an_endless_prompt_is_shown_as_far_as_it_fits(world: World) -> None:
    await world.changed(42, system_prompt="\n".join(f"Line {number} of many." for number in range(3_000)))
    (post,) = await world.changed(42, system_prompt="\n".join(f"Line {number} of others." for number in range(3_000)))
    assert "There is more" in post.as_text()


async def test_a_change_that_nobody_can_see_is_said_to_be_one(world: World) -> None:
    await world.changed(42, system_prompt="Be kind.")
    (post,) = await world.changed(42, system_prompt="Be\u202e kind.")
    assert "characters only that can't be seen" in post.as_text()


async def test_values_that_look_the_same_without_their_secrets_are_said_to_differ(world: World) -> None:
    await world.changed(42, variables={"api_token": "canary-one", "keep": "1"})
    (post,) = await world.changed(42, variables={"api_token": "canary-two", "keep": "1"})
    assert "(differs)" in post.as_text()
    assert "canary" not in str(post.payload)
    (table,) = (block for block in post.blocks if block["type"] == "rich_text")
    assert "keep" not in str(table)


async def test_many_variables_are_shown_as_far_as_they_fit(world: World) -> None:
    (post,) = await world.changed(42, variables={f"name_{number}": "x" * 300 for number in range(200)})
    assert "There are more" in post.as_text()
    assert "and 195 more" in post.as_text()
