"""Graphs of tasks as text, dot, Mermaid, SVG, HTML and JSON. To be read in this order: picture, looking, folding."""
