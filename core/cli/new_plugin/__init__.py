"""What `kernel new plugin` fills in: a module and its tests for each kind of plugin, and what makes them a package."""
