"""What RQ raises."""


class InvalidJobOperation(Exception):
    """The job's state does not allow it."""


class NoSuchJobError(Exception):
    """It is gone."""
