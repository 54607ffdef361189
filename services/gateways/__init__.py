"""The outside world: dataclass in, result out; no tables."""
