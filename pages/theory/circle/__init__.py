"""The five parts of the lesson on the red circle."""
