"""What a shell offers when one types `kernel …` and presses Tab."""
