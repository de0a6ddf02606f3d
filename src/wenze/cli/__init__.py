"""The command line and its text pages. Reads files, clock and locale; decides nothing."""
