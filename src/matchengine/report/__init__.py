"""Pages of a run for people to read: one self-contained HTML file, pictures as inline SVG."""
