"""Wrong translations, planted into the translator; each has to be seen."""
