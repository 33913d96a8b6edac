"""`kernel lint`: finds in the tasks of modules what goes wrong only later."""
