"""Small edits of written lines, and the repairs that are found with them."""
