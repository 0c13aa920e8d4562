"""Dates and times of day as pages print them: parts of patterns."""

MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
DAYS = (
    r"(?:Mon(?:day)?|Tue(?:s(?:day)?)?|Wed(?:nesday)?|Thu(?:rs(?:day)?)?|Fri(?:day)?"
    r"|Sat(?:urday)?|Sun(?:day)?)\.?"
)
DATE = (
    r"(?:\d{4}\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{1,2}\.?|\d{1,2}[-./]\d{1,2}[-./]\d{4}"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
    rf"|{MONTHS}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}|\d{{1,2}}(?:st|nd|rd"
    rf"|th)?\s{MONTHS},?\s\d{{4}})"
)
TIME = (
    r"(?:\d{1,2}[時时點点시]\s?\d{1,2}[分분]|T?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:[ap]\.?m\.?)?"
    r"|(?:Z|KST|JST|GMT|UTC|[ECMP][SD]?T|A?CST|[CE]ES?T|BST|IST|HKT|PHT|SGT)\b|[+-]\d{2}:?\d{2}"
    r"|\((?:KST|JST|GMT|UTC|[월화수목금토일月火水木金土日])\)|오전|오후|at\b)"
)
