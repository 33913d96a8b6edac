"""What `kernel run` has beside `luigi`: its own options, and what they do."""
