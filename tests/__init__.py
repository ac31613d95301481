"""The tests of the app, and what several of them share."""
