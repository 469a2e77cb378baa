"""What was claimed and what was found out, told to a reader."""
