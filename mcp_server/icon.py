"""The icon that clients may show beside the server and what it offers."""

from base64 import b64encode

from mcp.types import Icon

# A handset, and two waves: somebody speaks. The violet is seen on light and on dark.
_DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#7c6cf0" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round"><path d="M5 3h3l2 5-2 1.5a11 11 0 0 0 5.5 5.5L15 13l5 2v3'
    'a2 2 0 0 1-2 2A15 15 0 0 1 3 5a2 2 0 0 1 2-2M14 7a4 4 0 0 1 3 3M15 3a8 8 0 0 1 6 6"/></svg>'
)

ICONS = [
    Icon(
        src=f"data:image/svg+xml;base64,{b64encode(_DRAWING.encode()).decode()}",
        mime_type="image/svg+xml",
        sizes=["any"],
    )
]
