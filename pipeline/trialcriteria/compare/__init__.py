"""Two versions of a posting, or two bulk runs, compared criterion by criterion."""
