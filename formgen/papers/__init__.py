"""The papers: which there are and when each is due, the words they print, and how they are composed."""
