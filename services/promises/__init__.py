"""承诺的依据: versions of the work calendar and the limits, and how they are published."""
