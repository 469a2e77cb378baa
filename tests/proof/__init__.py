"""The arguments of a proof, each tried against an oracle that shares no step with it."""
