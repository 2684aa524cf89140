"""REST views: everything that changes something."""
