"""Downloads and archives, checked and read in place."""
