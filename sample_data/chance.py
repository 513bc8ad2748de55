"""Chance from one seed: each subject draws from a stream of its own, so that changing one leaves the rest."""

import zlib

import numpy as np


def stream(seed: int, subject: str) -> np.random.Generator:
    """The random numbers of a subject; the same for the same seed on every machine and in every process."""
    # crc32, not hash(): Python salts its hashes anew in each process.
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(subject.encode())])))
