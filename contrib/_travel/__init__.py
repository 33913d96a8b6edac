"""How a task gets to another machine: its code in an archive, itself as a pickle, and what starts it there."""
