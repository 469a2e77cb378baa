"""The kernels' promises as properties, and the planted bugs that each property must catch."""
