"""Contract suites: what every implementation of an interface must do, as pytest classes to subclass."""
