"""E-mail goes out through one of these, by what [email] method names."""
