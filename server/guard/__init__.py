"""Who calls, what they may do, and what they may not: identities, roles, sessions, origins, limits, the audit log."""
