"""Reading a file again that has been changed a little: what was read before is kept."""
