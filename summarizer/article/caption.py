"""Captions: lines that tell what a picture shows and who took it."""

import re

from summarizer.article.furniture import AGENCIES

LONGEST_CAPTION = 450

_POSE = re.compile(
    r"\b(?:pos(?:e|es|ing)|shak(?:e|es|ing) hands|stands? (?:for|with|next|together)|(?:is"
    r"|are) (?:seen|pictured|shown)"
    r"|pictured|looks? on|walks?|greets?|waves?|speaks?|talks?|attends?|arrives?|holds? (?:a"
    r"|talks|up|hands)|delivers?"
    r"|smiles?|listens?|meets?|sits?|leaves?|inspects?|watch(?:es)?|in this (?:\w+ ){0,3}(?:photo"
    r"|image|picture)"
    r"|(?:this|file|combination|handout|undated|provided) (?:photo|image|picture)|file photo)\b",
    re.IGNORECASE,
)
_CREDIT_START = re.compile(
    r"^\W*(?:FILE\s?(?:PHOTO|[-–—:])|(?:file )?(?:photo(?:graph)?s?|images?|pictures?"
    r"|captions?)\s?(?:by:? (?-i:[A-Z])|:|=|/|courtesy|credit|source)"
    r"|(?:photo|image|picture) (?:courtesy|credit)|사진\s?[=:/]|写真\s?[：:=]|图为|圖為"
    r"|資料(?:写真|照片)|资料图)"
    r"|^\W*▲|^\[사진",
    re.IGNORECASE,
)
_CREDIT_END = re.compile(
    rf"[(\[](?:[^()\[\]]{{0,60}}\b)?(?:{AGENCIES}|EPA|Getty(?: Images)?|pool|photo|file|handout"
    rf"|courtesy)\b[^()\[\]]{{0,80}}[)\]]\W*$"
    r"|(?:REUTERS|AP Photo|AFP|EPA|Getty Images|Yonhap)\s?/\s?[^.]{2,60}$"
    r"|[\[(]\s?(?:photo|사진|写真|image)[^\])]{0,80}[\])]\W*$"
    r"|/\s?(?:Yonhap|AFP|AP|Reuters|EPA|연합뉴스)(?:[- ]\w+)*$",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\((?:(?:second|third|fourth) )?(?:from )?(?:left|right|cent(?:er|re)|front|back|L|R|C|top"
    r"|bottom)"
    r"(?:,[^()]*| row| side)?\)|\((?:왼쪽|오른쪽|가운데|左|右|中央)\)"
)
_REPORT = re.compile(
    r"\b(?:said|says|told|tells|according to|announced|agreed|pledged|vowed|reaffirmed|promised"
    r"|committed|stated|added)\b",
    re.IGNORECASE,
)
_UNDERTAKING = re.compile(
    r"\b(?:approved|backed|called|committed|decided|endorsed|ratified|signed|undertook|welcomed)\b",
    re.IGNORECASE,
)


def is_caption(text: str) -> bool:
    """A caption starts as one, or ends in a credit, shows somebody posing and reports nothing."""
    if len(text) > LONGEST_CAPTION:
        return False
    if _CREDIT_START.match(text):
        return True
    bracketed = "(" in text
    place = bracketed and _PLACE.search(text)
    credit = (bracketed or "[" in text or "/" in text) and _CREDIT_END.search(text)
    if not (place and credit) and not ((place or credit) and _POSE.search(text)):
        return False
    return bool(place or not _REPORT.search(text))


def reports(text: str) -> bool:
    """Whether the line tells what somebody said or undertook."""
    return bool(_REPORT.search(text) or _UNDERTAKING.search(text))
