"""What state stores share: `texts` with checksums, and `reading` them back, a little at a time.

For stores of plugins, which import nothing of each other.
"""
