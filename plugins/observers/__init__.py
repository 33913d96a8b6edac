"""Plugins that watch runs for other systems; [core] plugins asks for them."""
