"""Adjudication: records that the labels lack, judged by a person."""
