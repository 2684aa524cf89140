"""The endpoints, a module for each thing."""
