"""Pictures for people who would rather look: what is in them (graphs), and how they are drawn (drawing)."""
