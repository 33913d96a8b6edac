"""What files in the cloud have in common, and what the services share that know directories only as beginnings."""
