"""What a target is held to beyond what the engine checks by itself."""
