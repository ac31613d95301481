"""The playground under the hand: its runs as data, and the sentences that the canvas says of them."""

from dataclasses import replace

from browser import program
from browser.hand import Live, Sentence
from figures.following import UPDATE
from ui.circles import live_rate_of_update
from ui.experiment import Experiment
from ui.live_runs import sensitive_sentences


def with_runs(live: Live, done: Experiment) -> Live:
    """What follows the hand, with the runs of an experiment, their inputs and their sentences."""
    settings = done.settings
    return replace(
        live,
        runs=program(done.loss, done.optimizers, settings.start, settings.updates),
        inputs=dict(zip(live.start, settings.start, strict=True)) | {UPDATE: settings.update},
        sentences=_sentences(done),
    )


def _sentences(done: Experiment) -> tuple[Sentence, ...]:
    if not done.optimizers:
        return ()
    return live_rate_of_update(done), *sensitive_sentences(done.sensitive)
