"""事故率: incidents per 100 km and year, with how far chance alone may move them."""

from dataclasses import dataclass

from scipy.stats import chi2

CONFIDENCE = 0.95
FEW = 10  # incidents below which a rate says little; with so many its interval still spans a factor of four


@dataclass(frozen=True)
class Rate:
    """Incidents over the length of network that could have them.

    Attributes
    ----------
    incidents : how many were tied to this part of the network
    km_years : kilometres times the years they were in the network, within the period
    years : the period's length
    """

    incidents: int
    km_years: float
    years: float

    @property
    def km(self) -> float:
        """Mean length over the period, km."""
        return self.km_years / self.years if self.years else 0.0

    @property
    def value(self) -> float | None:
        """Incidents per 100 km and year; None where there was no network."""
        return 100 * self.incidents / self.km_years if self.km_years > 0 else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval of :data:`CONFIDENCE` of :attr:`value`; None where there was no network."""
        if self.km_years <= 0:
            return None
        low, high = poisson_interval(self.incidents)
        return 100 * low / self.km_years, 100 * high / self.km_years

    @property
    def is_small(self) -> bool:
        return self.incidents < FEW


def poisson_interval(count: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The exact interval of a Poisson mean of which ``count`` was seen.

    Returns
    -------
    The means at which so many or more, and so many or fewer, each have the probability (1 - confidence) / 2.

    References
    ----------
    Garwood, F. (1936): Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.
    """
    tail = (1 - confidence) / 2
    low = chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    return float(low), float(chi2.ppf(1 - tail, 2 * count + 2) / 2)
