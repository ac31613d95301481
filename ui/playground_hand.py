"""The playground under the hand: its runs as data, and the sentences that the canvas says of them."""

from dataclasses import replace

from browser.hand import Live
from figures.following import UPDATE
from ui import live_runs
from ui.circles import live_rate_of_update
from ui.experiment import Experiment


def with_runs(live: Live, done: Experiment) -> Live:
    """What follows the hand, with the runs of an experiment, their inputs and their sentences."""
    if not done.trajectories:
        return live
    inputs = {UPDATE: done.settings.chosen_update()}
    live = replace(live, inputs=inputs, clock=UPDATE, sentences=(live_rate_of_update(done),))
    return live_runs.with_runs(live, done.trajectories)
