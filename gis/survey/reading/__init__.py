"""Opening what surveyors send: one module a kind of file, all giving tables in chunks."""
