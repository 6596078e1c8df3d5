"""Draws what graph/ recorded and explain/ says: DOT text, layout, pictures, widget and page."""
