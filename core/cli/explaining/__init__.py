"""The commands that say what there is to do, and why: `kernel plan`, `kernel graph`."""
