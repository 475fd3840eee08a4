"""Keeps the documents true: runs the commands that they show, compares what they show of the output, and follows their links."""
