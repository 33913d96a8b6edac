"""Tasks are run by these, on other machines."""
