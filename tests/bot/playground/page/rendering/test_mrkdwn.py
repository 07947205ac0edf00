import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.playground.page.rendering import Surface, rendered, rendered_text
from bot.playground.people import BEN, PERSON
from bot.playground.workspace import GENERAL
from bot.views import escape
from tests.bot.playground.page.rendering.gallery import surface
from tests.bot.playground.page.rendering.markup import read

ME = '<span class="mention mention-me">{0}</span>'
BLANK = '<a href="{0}" target="_blank" rel="noopener noreferrer">{1}</a>'
HOSTILE = st.text() | st.lists(
    st.sampled_from(
        [
            *(
                "*",
                "_",
                "~",
                "`",
                "```",
                "<",
                ">",
                "|",
                "!",
                "@",
                "#",
                "^",
                "&gt;",
                "&gt;&gt;&gt;",
                "&amp;lt;",
                "\n",
                " ",
            ),
            *(
                "<!date^1^{date}^javascript:a|b>",
                "<javascript:alert(1)|x>",
                "<https://a.b|",
                '"',
                "'",
                "<script>",
                "\u202e",
            ),
            *("\x00", "\ud800", "https://a.b", ":bell:", "א", "a", "1", "<!--", "]]>", "&#60;", '" onload="x'),
        ]
    ),
    max_size=60,
).map("".join)


def shown(text: str, on: Surface | None = None) -> str:
    """What stands between the tags of the paragraph."""
    html = str(rendered_text(text, on or surface())).strip()
    assert html.startswith('<div class="text" dir="auto">')
    return html.removeprefix('<div class="text" dir="auto">').removesuffix("</div>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _italic_ ~gone~", "<strong>bold</strong> <em>italic</em> <s>gone</s>"),
        ("*bold _both ~all~_*", "<strong>bold <em>both <s>all</s></em></strong>"),
        ("(*a*), *b*!", "(<strong>a</strong>), <strong>b</strong>!"),
        ("2*3*4 snake_case_name a* b* * c * **d**", "2*3*4 snake_case_name a* b* * c * **d**"),
        ("*not\nover lines*", "*not\nover lines*"),
        ("\u200b*\u200bname\u200b*\u200b", "\u200b*\u200bname\u200b*\u200b"),
        ("`*code* :bell:` *a `*` b*", "<code>*code* :bell:</code> <strong>a <code>*</code> b</strong>"),
        ("a ```\n*x*\n  y &lt;z\n``` b", "a <pre><code>*x*\n  y &lt;z</code></pre> b"),
        ("``` <https://a.b|c> ```", f"<pre><code> {BLANK.format('https://a.b', 'c')} </code></pre>"),
        ("&gt; one\n&gt;two\nthree", "<blockquote>one\ntwo</blockquote>three"),
        ("zero\n&gt;&gt;&gt;one\n\n*two*", "zero<blockquote>one\n\n<strong>two</strong></blockquote>"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("a &lt; b &amp;amp; c &amp;lt; \" '", "a &lt; b &amp;amp; c &amp;lt; &#34; &#39;"),
        ("<b>raw</b> & <script>", "&lt;b&gt;raw&lt;/b&gt; &amp; &lt;script&gt;"),
        ("<https://a.b/?x=1&amp;y=2|The *site*>", BLANK.format("https://a.b/?x=1&amp;y=2", "The *site*")),
        ("*<https://a.b|site>*", f"<strong>{BLANK.format('https://a.b', 'site')}</strong>"),
        ("<mailto:a@b.c>", BLANK.format("mailto:a@b.c", "a@b.c")),
        ("see https://a.b/c_d_e. ok", f"see {BLANK.format('https://a.b/c_d_e', 'https://a.b/c_d_e')}. ok"),
        ("<javascript:alert(1)|x> <JAVA:y>", "x (javascript:alert(1)) JAVA:y"),
        (f"<@{BEN}> <@{BEN}|benny>", '<span class="mention">@ben</span> <span class="mention">@ben</span>'),
        (f"<@{PERSON}>", '<span class="mention mention-me">@ada</span>'),
        ("<@U404> <@U404|gone>", '<span class="mention">@U404</span> <span class="mention">@gone</span>'),
        (f"<#{GENERAL}> <#C404|x>", '<span class="mention">#general</span> <span class="mention">#x</span>'),
        ("<!here> <!channel|@c>", f"{ME.format('@here')} {ME.format('@channel')}"),
        ("<!subteam^S0OPERATOR|@ops>", ME.format("@ops")),
        ("<!foo|bar> <!foo>", "bar &lt;!foo&gt;"),
        (":bell: :white_check_mark: :no_such: 10:30:00", "🔔 ✅ :no_such: 10:30:00"),
        ("", ""),
    ],
)
def test_formatting_is_that_of_slack(text: str, html: str) -> None:
    assert shown(text) == html


def test_verbatim_text_has_no_links_that_nobody_made_and_plain_text_no_formatting() -> None:
    verbatim = {"type": "section", "text": {"type": "mrkdwn", "text": "*a* https://a.b", "verbatim": True}}
    plain = {"type": "section", "text": {"type": "plain_text", "text": "*a* <https://a.b> :bell: &lt;"}}
    as_is = {"type": "section", "text": {"type": "plain_text", "text": ":bell:", "emoji": False}}
    page = read(rendered([verbatim, plain, as_is], surface()))
    assert not page.all("a")
    assert [one.text for one in page.all("div", dir="auto")] == ["a https://a.b", "*a* <https://a.b> 🔔 <", ":bell:"]


@pytest.mark.parametrize(
    ("form", "english", "german"),
    [
        ("{date_num}", "2026-02-28", "2026-02-28"),
        ("{date}", "February 28", "28. Februar"),
        ("{date_short}", "Feb 28, 2026", "28.02.2026"),
        ("{date_long}", "Saturday, February 28, 2026", "Samstag, 28. Februar 2026"),
        ("{date_slash}", "02/28/2026", "02/28/2026"),
        ("{date_pretty} {time}", "yesterday 11:30\u202fPM", "gestern 23:30"),
        ("{date_short_pretty}, {time_secs}", "yesterday, 11:30:05\u202fPM", "gestern, 23:30:05"),
        ("{day_divider_pretty}", "yesterday", "gestern"),
        ("{ago}", "13 hours ago", "vor 13 Stunden"),
        ("{nothing} {}", "{nothing} {}", "{nothing} {}"),
    ],
)
def test_dates_are_in_the_readers_language_zone_and_today(form: str, english: str, german: str) -> None:
    # 22:30:05 in UTC, half an hour before midnight in Berlin.
    moment = 1772317805
    for user, words in ((PERSON, english), (BEN, german)):
        time = read(shown(f"<!date^{moment}^{form}|then>", surface(user))).one("time")
        assert time.text == words
        assert time.attributes["datetime"] == "2026-02-28T23:30:05+01:00"


def test_days_near_today_have_names_others_their_date_and_no_moment_its_fallback() -> None:
    day = 86_400
    noon = 1772362800
    near = [read(shown(f"<!date^{noon + days * day}^{{date_pretty}}|x>")).text for days in (-2, -1, 0, 1, 400)]
    assert near == ["February 27", "yesterday", "today", "tomorrow", "April 5, 2027"]
    assert read(shown(f"<!date^{noon + 5 * day}^{{day_divider_pretty}}|x>")).text == "Friday, March 6, 2026"
    assert read(shown(f"<!date^{noon}^on {{date_num}}^https://a.b|x>")).one("a").text == "on 2026-03-01"
    for moment in ("soon", "9" * 30, "253402300799", ""):
        assert shown(f"<!date^{moment}^{{date}}|on a &lt;day&gt;>") == "on a &lt;day&gt;"


def test_a_reader_whose_language_is_not_known_reads_american_english() -> None:
    on = surface()
    on.workspace.set_locale(PERSON, "tlh-XX-nonsense")
    other = surface(workspace=on.workspace)
    assert read(shown("<!date^1772362800^{date_pretty} {date_short}|x>", other)).text == "today Mar 1, 2026"


@settings(max_examples=100, deadline=None)
@given(HOSTILE)
@example("<" * 10_000)
@example("*a " * 3_000 + "`" * 3_000)
@example("*`_~" * 2_500)
@example("&gt;\n" * 3_000)
@example("<!date^" * 1_500)
def test_no_text_makes_an_element_that_is_not_formatting(text: str) -> None:
    page = read(str(rendered_text(text, surface())))
    formatting = {"", "div", "strong", "em", "s", "code", "pre", "blockquote", "a", "span", "time"}
    assert {one.tag for one in page} <= formatting


@settings(max_examples=100, deadline=None)
@given(HOSTILE)
def test_what_the_bot_escapes_is_read_as_it_was(text: str) -> None:
    page = read(shown(escape.mrkdwn(text, most=10**6)))
    assert [one.tag for one in page] == [""]
    expected = " ".join(escape.clean(text).split())
    assert page.text.replace("\u200b", "") == expected.replace("\u200b", "").replace("\x7f", "\ufffd")
