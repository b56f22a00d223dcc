"""The learned tagger: text to words, words to an encoder's scores, scores to mentions."""
