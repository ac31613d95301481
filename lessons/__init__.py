"""What lessons ask, try and promise, without a page: every promise is measured on the runs that it speaks of."""
