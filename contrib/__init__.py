"""The libraries that pipelines subclass or instantiate: task templates, targets and clients, by Luigi's module names.

Each module imports with no extra installed; what it needs is imported where it is used, and when that is missing the
error names the extra to install.
"""
