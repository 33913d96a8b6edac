"""What a server starts by itself: the `[trigger.NAME]` sections, when each is due, and that each firing counts once.

To be read in this order: `settings` (what a section says), `sections` (all of them, checked), `trigger` (one of them),
`kinds` (the time-tables that come with the kernel), `catching_up` (what is to be fired, after a time without a server),
`keeper` (fires it).
"""
