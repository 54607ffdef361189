"""督办: cards, supervision orders, bulletin entries and letters, from their issue to their end."""
