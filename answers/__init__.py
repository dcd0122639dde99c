"""What is worth knowing: the notes' questions, each with its answer, drills, coding tasks and proof."""
