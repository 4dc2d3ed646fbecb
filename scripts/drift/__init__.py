"""The drift gate: is the spec sound, is the generated code fresh, what does a change break, and is that said?"""
