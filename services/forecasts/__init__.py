"""送达预报: who cannot be reached on the phone for what falls due next."""
