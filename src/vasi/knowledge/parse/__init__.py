"""From a file to its text: one module per format, run in a child process with limits."""
