"""The steps of one request: constrain, retrieve, score, combine, rank, explain. No step imports another."""
