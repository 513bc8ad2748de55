"""考核 over HTTP: rows with scores, what they are made of, score cards, what changed and why."""
