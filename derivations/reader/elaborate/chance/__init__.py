"""What texts on probability name and do not declare: ``P(x | y; \\theta)`` and what is drawn."""
