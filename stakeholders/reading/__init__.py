"""How a reply is understood: corpus, splitting asks, times, qualities, local model. Knows no scores and no minds."""
