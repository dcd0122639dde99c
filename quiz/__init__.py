"""What happens: the terminal quiz, the grader and the command line, over `answers` and `rnnref`."""
