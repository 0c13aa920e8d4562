"""Models: whatever answers prompts, from a hosted endpoint to weights on this machine."""
