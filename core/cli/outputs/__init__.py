"""The commands about what tasks make: `kernel outputs`, `kernel clean`, `kernel orphans`."""
