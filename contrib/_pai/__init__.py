"""OpenPAI, Microsoft's platform for training on many machines: one job of it."""
