"""The moments of a run: how many of its updates are done."""

# The moment after the last update, however many there are.
END = -1


def within(moment: int, steps: int) -> int:
    """A moment of a run with so many updates: END from its end on."""
    return int(moment) if 0 <= moment < steps else END


def worked(moment: int) -> int:
    """The update that is worked out: the one that led to this moment; at the start, the first one."""
    return max(moment, 1)
