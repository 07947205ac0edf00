"""Links to an assistant lead somewhere in the demo too."""

import aiohttp

from shared.demo import DemoApi


async def test_each_assistant_has_a_page_that_shows_its_name_as_text(demo_api: DemoApi) -> None:
    demo_api.change(42, name="<script>alert(1)</script>")
    async with aiohttp.ClientSession() as http:
        async with http.get(f"{demo_api.base_url}/assistants/42") as page:
            text = await page.text()
            assert (page.status, page.content_type) == (200, "text/html")
        async with http.get(f"{demo_api.base_url}/assistants/43") as missing:
            assert missing.status == 404
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text
