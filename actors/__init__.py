"""The nine agents as thin Ray actors, their supervisor and the hand-offs between them."""
