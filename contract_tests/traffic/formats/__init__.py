"""The formats of recordings, a file each."""
