"""Vocabularies of the user's own, indexed on this machine: OMOP from Athena, UMLS by scispaCy."""
