"""The bot's words: found in the code, and translated in one folder of catalogues for each language."""
