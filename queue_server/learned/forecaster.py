"""The learned forecast behind the port of forecasts: watched, and silent while it is wrong."""

from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

import structlog

from queue_server.core import Hospital, Step
from queue_server.core.state import Wait
from queue_server.core.waiting import Estimate, day_one, estimated, rounded
from queue_server.learned.errors import ForecastFileError
from queue_server.learned.features import features
from queue_server.learned.model import Model, files, read
from queue_server.learned.watching import Health, Watch
from queue_server.steady import Forecaster

log = structlog.get_logger(__name__)

FOLDER: Final = "forecast"
"""Of the learned forecasts, in the data folder."""


class LearnedForecast:
    """A forecaster for clinics. Lines it knows nothing of, and times when it is wrong, are the other forecaster's.

    Called by one thread at a time; `health` may be read by any.
    """

    def __init__(self, model: Model, otherwise: Forecaster = day_one) -> None:
        """Forecast by a model."""
        self.model = model
        self._otherwise = otherwise
        self._watch = Watch()
        self._broken = False

    @property
    def health(self) -> Health:
        """Whether it is shown, and why."""
        health = self._watch.health
        return replace(health, good=False) if self._broken else health

    def estimate(self, h: Hospital, step: Step) -> Estimate | None:
        """The forecast before rounding; None when the model says nothing of this step."""
        row = features(h, step, h.moment)
        return None if row is None else self.model.estimate(row)

    def __call__(self, h: Hospital, step: Step) -> Wait | None:
        """The range to show. While the other one is shown, this one goes on being watched."""
        told = None if self._broken else self._told(h, step)
        return rounded(told) if told and self.health.good else self._otherwise(h, step)

    def _told(self, h: Hospital, step: Step) -> Estimate | None:
        """The forecast, noted down to be watched. A fault in it must not take the boards with it."""
        try:
            self._look(h)
            told = self.estimate(h, step)
            if told:
                self._watch.promise(h, step, told, lambda: estimated(h, step, h.moment))
        except Exception:
            self._broken = True
            log.exception("learned_forecast_broke", step=step.plan.step)
            return None
        return told

    def _look(self, h: Hospital) -> None:
        was_good = self.health.good
        self._watch.look(h)
        now = self.health
        if was_good and not now.good:
            log.warning("learned_forecast_fell_back", covered=now.covered, waits=now.waits)
        elif now.good and not was_good:
            log.info("learned_forecast_good_again", covered=now.covered, waits=now.waits)


def forecaster_in(folder: Path) -> Forecaster:
    """The newest learned forecast of a folder that can be used; without one, the forecast of the first day."""
    for path in files(folder):
        try:
            model = read(path)
        except ForecastFileError as error:
            log.warning("learned_forecast_not_used", why=str(error))
            continue
        log.info("learned_forecast", file=path.name, days=model.about.days, error=model.about.error)
        return LearnedForecast(model)
    return day_one


def shown_by(h: Hospital) -> Literal["first_day", "learned", "fallen_back"]:
    """Which forecast families see now: that of the first day, a learned one, or the first again because it was wrong."""
    forecast = getattr(h.forecast, "inner", h.forecast)
    if not isinstance(forecast, LearnedForecast):
        return "first_day"
    return "learned" if forecast.health.good else "fallen_back"
