"""The numbers and names of Block Kit: https://docs.slack.dev/reference/block-kit, and Slack's own refusals."""

BLOCKS_IN_A_MESSAGE = 50
BLOCKS_IN_A_VIEW = 100
# Not in Slack's reference; where `msg_blocks_too_long` was seen to begin.
CHARACTERS_IN_A_MESSAGE = 13_000
CHARACTERS_OF_MARKDOWN = 12_000
CHARACTERS_IN_A_TABLE = 10_000
ROWS_IN_A_TABLE = 100
COLUMNS_IN_A_TABLE = 20
LONGEST_ID = 255
# https://docs.slack.dev/reference/methods/chat.postMessage
ADVISED_TEXT = 4_000
# https://docs.slack.dev/changelog/2018-truncating-really-long-messages
LONGEST_TEXT = 40_000
# `view_too_large`: https://docs.slack.dev/reference/methods/views.open
BYTES_IN_A_VIEW = 250_000

VIEWS = {"modal", "home"}
BLOCKS = {
    *("section", "header", "divider", "context", "actions", "image", "input", "markdown", "rich_text", "table"),
    *("alert", "call", "card", "carousel", "container", "context_actions", "data_table", "data_visualization"),
    *("file", "plan", "task_card", "video"),
}
# Where a block may not stand.
NOT_IN_VIEWS = {"context_actions", "markdown"}
NOT_IN_A_HOME = {"table"}
NOT_IN_MESSAGES = {"file_input"}

PICKERS = {"datepicker", "datetimepicker", "timepicker"}
SELECTS = {"channels_select", "conversations_select", "external_select", "static_select", "users_select"}
MULTI_SELECTS = {f"multi_{select}" for select in SELECTS}
CHECKS = {"checkboxes", "radio_buttons"}
FIELDS = {
    *("email_text_input", "file_input", "number_input", "plain_text_input", "rich_text_input", "url_text_input"),
}
MENUS = SELECTS | MULTI_SELECTS
WITH_OPTIONS = {"multi_static_select", "overflow", "static_select", *CHECKS}

# Things that need no type are known by the key they stand under; these two also where they have one.
BY_PLACE = {"fields": "field", "placeholder": "placeholder"}
UNTYPED = {
    "confirm": "confirm",
    "options": "option",
    "option_groups": "option group",
    "dispatch_action_config": "dispatch config",
    "filter": "filter",
    "column_settings": "column",
}

# The most characters of each text, by the thing it belongs to.
LENGTHS: dict[str, dict[str, int]] = {
    "plain_text": {"text": 3_000},
    "mrkdwn": {"text": 3_000},
    "field": {"text": 2_000},
    "placeholder": {"text": 150},
    "header": {"text": 150},
    "button": {"text": 75, "value": 2_000, "url": 3_000, "accessibility_label": 75},
    "option group": {"label": 75},
    "option": {"text": 75, "value": 150, "description": 75, "url": 3_000},
    "confirm": {"title": 100, "text": 300, "confirm": 30, "deny": 30},
    "image": {"alt_text": 2_000, "image_url": 3_000, "title": 2_000},
    "input": {"label": 2_000, "hint": 2_000},
    "plain_text_input": {"initial_value": 3_000},
    "video": {"title": 200, "description": 200, "author_name": 50},
    "card": {"title": 150, "subtitle": 150, "body": 200},
    "container": {"title": 150, "subtitle": 150},
    "modal": {
        "title": 24,
        "submit": 24,
        "close": 24,
        "private_metadata": 3_000,
        "callback_id": LONGEST_ID,
        "external_id": LONGEST_ID,
    },
    "home": {"private_metadata": 3_000, "callback_id": LONGEST_ID, "external_id": LONGEST_ID},
}

# How many parts each thing has, at least and at most.
COUNTS: dict[str, dict[str, tuple[int, int]]] = {
    "section": {"fields": (1, 10)},
    "context": {"elements": (1, 10)},
    "actions": {"elements": (1, 25)},
    "context_actions": {"elements": (1, 5)},
    "carousel": {"elements": (1, 10)},
    "container": {"child_blocks": (1, 10)},
    "rich_text": {"elements": (1, 1_000)},
    "table": {"column_settings": (0, COLUMNS_IN_A_TABLE)},
    "overflow": {"options": (1, 5)},
    "static_select": {"options": (1, 100), "option_groups": (1, 100)},
    "multi_static_select": {"options": (1, 100), "option_groups": (1, 100)},
    "suggestions": {"options": (0, 100), "option_groups": (0, 100)},
    "option group": {"options": (1, 100)},
    "radio_buttons": {"options": (1, 10)},
    "checkboxes": {"options": (1, 10)},
    "filter": {"include": (1, 4)},
}

# The least and the most that a number may be.
RANGES: dict[str, dict[str, tuple[int, int]]] = {
    "plain_text_input": {"min_length": (0, 3_000), "max_length": (1, 3_000)},
    "file_input": {"max_files": (1, 10)},
    "external_select": {"min_query_length": (0, 3_000)},
    "rich_text_list": {"indent": (0, 8), "border": (0, 1)},
    **{select: {"max_selected_items": (1, 1_000)} for select in sorted(MULTI_SELECTS)},
}

# What a thing cannot do without: one of each group.
REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    "section": (("text", "fields"),),
    "header": (("text",),),
    "markdown": (("text",),),
    "context": (("elements",),),
    "actions": (("elements",),),
    "context_actions": (("elements",),),
    "rich_text": (("elements",),),
    "rich_text_section": (("elements",),),
    "rich_text_list": (("elements",), ("style",)),
    "rich_text_preformatted": (("elements",),),
    "rich_text_quote": (("elements",),),
    "table": (("rows",),),
    "image": (("alt_text",), ("image_url", "slack_file")),
    "input": (("label",), ("element",)),
    "video": (("alt_text",), ("title",), ("thumbnail_url",), ("video_url",)),
    "button": (("text",),),
    "overflow": (("options",),),
    "static_select": (("options", "option_groups"),),
    "multi_static_select": (("options", "option_groups"),),
    "radio_buttons": (("options",),),
    "checkboxes": (("options",),),
    "number_input": (("is_decimal_allowed",),),
    "option group": (("label",), ("options",)),
    "option": (("text",), ("value", "url")),
    "confirm": (("title",), ("text",)),
    "modal": (("title",), ("blocks",)),
    "home": (("blocks",),),
}

# The type of each text that has to be an object.
PLAIN, EITHER = {"plain_text"}, {"mrkdwn", "plain_text"}
TEXTS: dict[str, dict[str, set[str]]] = {
    "section": {"text": EITHER},
    "header": {"text": PLAIN},
    "button": {"text": PLAIN},
    "option": {"text": EITHER, "description": EITHER},
    "option group": {"label": PLAIN},
    "input": {"label": PLAIN, "hint": PLAIN},
    "confirm": {"title": PLAIN, "text": EITHER, "confirm": PLAIN, "deny": PLAIN},
    "image": {"title": PLAIN},
    "modal": {"title": PLAIN, "submit": PLAIN, "close": PLAIN},
    **{menu: {"placeholder": PLAIN} for menu in sorted(MENUS | PICKERS | FIELDS)},
}

# What may stand inside a thing, by the name of the place.
PARTS: dict[str, dict[str, set[str]]] = {
    "section": {
        "fields": EITHER,
        "accessory": {"button", "image", "overflow", "workflow_button", *CHECKS, *PICKERS, *MENUS},
    },
    "context": {"elements": {"image", *EITHER}},
    "actions": {"elements": {"button", "overflow", "workflow_button", *CHECKS, *PICKERS, *SELECTS, *MULTI_SELECTS}},
    "context_actions": {"elements": {"feedback_buttons", "icon_button"}},
    "input": {"element": {*CHECKS, *PICKERS, *MENUS, *FIELDS}},
    "rich_text": {"elements": {f"rich_text_{part}" for part in ("list", "preformatted", "quote", "section")}},
    "rich_text_list": {"elements": {"rich_text_section"}},
    **{
        f"rich_text_{part}": {
            "elements": {"broadcast", "channel", "color", "date", "emoji", "link", "text", "user", "usergroup"}
        }
        for part in ("preformatted", "quote", "section")
    },
}

# What an element of a rich text cannot do without.
RICH_REQUIRED: dict[str, str] = {
    "broadcast": "range",
    "channel": "channel_id",
    "color": "value",
    "date": "timestamp",
    "emoji": "name",
    "link": "url",
    "text": "text",
    "user": "user_id",
    "usergroup": "usergroup_id",
}

# The words that a property may be.
WORDS: dict[str, dict[str, set[str]]] = {
    "button": {"style": {"danger", "primary"}},
    "confirm": {"style": {"danger", "primary"}},
    "dispatch config": {"trigger_actions_on": {"on_character_entered", "on_enter_pressed"}},
    "filter": {"include": {"im", "mpim", "private", "public"}},
    "column": {"align": {"center", "left", "right"}},
    "rich_text_list": {"style": {"bullet", "ordered"}},
    "broadcast": {"range": {"channel", "everyone", "here"}},
}

# Every property of the things that bots send most; Slack refuses any other ("invalid additional property").
_BLOCK, _ELEMENT = {"type", "block_id"}, {"type", "action_id", "confirm", "focus_on_load"}
_MENU = {*_ELEMENT, "placeholder"}
PROPERTIES: dict[str, set[str]] = {
    "plain_text": {"type", "text", "emoji"},
    "mrkdwn": {"type", "text", "verbatim"},
    "section": {*_BLOCK, "text", "fields", "accessory", "expand"},
    "header": {*_BLOCK, "text", "level"},
    "divider": _BLOCK,
    "context": {*_BLOCK, "elements"},
    "actions": {*_BLOCK, "elements"},
    "input": {*_BLOCK, "label", "element", "dispatch_action", "hint", "optional"},
    "markdown": {*_BLOCK, "text"},
    "table": {*_BLOCK, "rows", "column_settings"},
    "button": {
        *_ELEMENT,
        *("text", "url", "value", "style", "accessibility_label"),
        *("agent_prompt", "agent_prompt_display", "visible_to_user_ids"),
    },
    "overflow": {"type", "action_id", "confirm", "options"},
    "static_select": {*_MENU, "options", "option_groups", "initial_option"},
    "external_select": {*_MENU, "initial_option", "min_query_length"},
    "checkboxes": {*_MENU, "options", "initial_options"},
    "radio_buttons": {*_MENU, "options", "initial_option"},
    "plain_text_input": {
        *_MENU,
        *("initial_value", "multiline", "min_length", "max_length", "min_lines", "max_lines", "dispatch_action_config"),
    },
    "option": {"text", "value", "description", "url"},
    "option group": {"label", "options"},
    "confirm": {"title", "text", "confirm", "deny", "style"},
    "modal": {
        *("type", "title", "blocks", "close", "submit", "private_metadata", "callback_id"),
        *("clear_on_close", "notify_on_close", "external_id", "submit_disabled"),
    },
    "home": {"type", "blocks", "private_metadata", "callback_id", "external_id"},
}
