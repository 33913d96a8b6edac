"""The plugins that come with the project, by kind: targets, executors, stores, notifiers, metrics, histories.

One file is one plugin with one entry point in the group `luigi`; it may use its own extra and wire what `luigi.contrib`
implements, and never imports another plugin. Nothing imports this package by name: plugins are found by entry point.
"""
