"""Blocks of text with shared samples: `generated.spans` against its formula."""
