"""Building blocks for the admin pages of all apps."""
