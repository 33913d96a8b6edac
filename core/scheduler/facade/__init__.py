"""The scheduler by Luigi's names: its methods, thin over the four verbs, and live views that look like its records."""
