"""The register: areas, organisations, enterprises, housekeepers."""
