"""The table of rights, part by part; `app.domain.permissions` puts the parts together."""
