"""A kernel as a user writes it, in steps, and mistakes that each override one of them."""
