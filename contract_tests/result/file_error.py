"""The error of a file that an option names. It stands alone, for reading such files takes longer to import."""


class FileError(Exception):
    """A file that an option names cannot be used. `str()` says why and what to do."""
