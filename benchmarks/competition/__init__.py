"""The program beside LangExtract and an instructor script: same weights, server, articles."""
