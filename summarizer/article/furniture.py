"""The words of page furniture, by kind: what belongs to a page and not to its article.

Patterns are general to news pages of any outlet. Each is tried on one whole line; which lines it
may decide about (how long, ended like a sentence or not) stands with its kind.
"""

import re

from summarizer.article.dates import DATE, DAYS, TIME
from summarizer.article.kind import Kind

AGENCIES = (
    "AAP|AFP|Agence France-Presse|ANI|AP|Associated Press|Bernama|Bloomberg|Bloomberg News|CNA"
    "|DPA|EFE"
    "|IANS|Interfax|Jiji|Jiji Press|KCNA|Kyodo|Kyodo News|Kyodo News Agency|Newsis|PTI|Reuters"
    "|TASS|Tass"
    "|The Associated Press|UPI|VNA|Xinhua|Xinhua News Agency|Yonhap|Yonhap News|Yonhap News Agency"
    "|연합뉴스|뉴시스|뉴스1|共同|共同通信|時事|時事通信|新华社|新華社"
)
_STAMPED = (
    r"(?:(?:first |last |date )?(?:posted|published|updated|modified|created|registered|issued"
    r"|released)(?: on| at| date)?|date|기사\s?입력|최종\s?수정|입력|등록|수정|송고|승인"
    r"|公開|更新|掲載|配信|发布(?:时间)?|發布)"
)


def _kind(
    name: str,
    pattern: str,
    longest: int,
    *,
    sentences_too: bool = False,
    ends: bool = False,
    sure: bool = False,
    needs: tuple[str, ...] = (),
) -> Kind:
    compiled = re.compile(pattern, re.IGNORECASE)
    return Kind(name, compiled, longest, sentences_too, ends, sure, needs)


def _exact(case_sensitive_pattern: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:{case_sensitive_pattern})\W*$")


_MENU = (
    r"text size|font size|font|aa?\+?|close|open|top|up|tags?|share|print|email|e-mail"
    r"|copy(?: link| url)?|save|bookmark"
    r"|menu|main menu|home|homepage|search|log ?in|log ?out|sign in|sign up|register|my account"
    r"|subscribe|subscriptions?"
    r"|newsletters?|donate|advertisements?|ad|ads|sponsored|promoted|facebook|twitter|x|linkedin"
    r"|whatsapp|telegram"
    r"|instagram|youtube|kakaotalk|line|reddit|rss|next|previous|prev|more|read more|show more"
    r"|load more|view all"
    r"|see all|listen|listen to article|play|pause|english|korean|japanese|chinese|language"
    r"|site ?map|about us|contact"
    r"|contact us|careers|terms(?: of (?:use|service))?|privacy(?: policy)?|cookie (?:policy"
    r"|settings)|help|faqs?"
    r"|back|full screen|gallery|photos?|videos?|live|breaking|breaking news|latest|latest news"
    r"|world|politics|business"
    r"|sports?|culture|opinion|editorial|lifestyle|entertainment|asia|national|economy|tech|end"
    r"|loading|please wait|skip|edition|\d+ (?:min(?:ute)?s?|minutes?)(?: read)?|\d+ (?:shares?"
    r"|views?|likes?)|닫기|열기|메뉴|검색|공유|공유하기|인쇄|프린트|스크랩|글자\s?크기(?: 조절)?"
    r"|로그인|로그아웃|회원가입|구독|구독하기|댓글|목록"
    r"|위로|맨위로|이전|다음|홈|전체메뉴|기사공유|URL ?복사|가|끝"
    r"|メニュー|検索|閉じる|印刷|シェア|ログイン|会員登録|トップ|ホーム|次へ|前へ|共有|保存"
    r"|菜单|搜索|关闭|打印|分享|登录|注册|首页|返回顶部|下一页|上一页|收藏"
)

KINDS = (
    _kind("menu", rf"^\W*(?:{_MENU})\W*$", 40),
    _kind("menu", r"^advertise?ments?\b.{0,30}$", 50),
    _kind("menu", r"^[a-z0-9]+(?:[_-][a-z0-9]+)*_[a-z0-9_-]+$", 60),
    _kind(
        "navigation",
        r"^\W*(?:skip|jump|go|move|back|return|scroll) (?:back )?to (?:the )?(?:main |page )?"
        r"(?:content|navigation|top|menu|home|search|footer|article|body)s?\b"
        r"|^home\s?[>›»/|]|^button (?:that|to|for)\b",
        120,
    ),
    _kind(
        "navigation",
        r"본문\s?(?:으로\s?)?바로\s?가기|메뉴\s?(?:으로\s?)?바로\s?가기|(?:本文|メニュー)へ(?:スキップ|移動)?|跳到(?:主要)?内容"
        r"|클릭\s?(?:시|하)",
        120,
        needs=("본문", "메뉴", "本文へ", "メニューへ", "跳到", "클릭"),
    ),
    _kind(
        "link",
        r"^\W*(?:(?-i:ALSO READ|READ (?:ALSO|MORE|NEXT))\b"
        r"|(?:also read|read(?: also| more| next)?)\s?[|:：»›])\s*\S",
        250,
        sentences_too=True,
        sure=True,
    ),
    _kind(
        "menu",
        r"^\W*(?:the |this )?(?:story|article|content|text) continues (?:below|after)\b.{0,40}$",
        80,
        sentences_too=True,
    ),
    _kind(
        "comments",
        r"^\W*(?:comments?\s?\(\d+\)|\d+\s+comments?|no comments(?: yet)?|(?:leave|post|write"
        r"|add) (?:the first |a |your )"
        r"?(?:comment|reply)|view (?:all )?comments|join the (?:conversation|discussion)"
        r"|댓글\s?\(?\d+|コメント\s?[(（]?\d*|^评论)",
        100,
        ends=True,
    ),
    _kind(
        "comments",
        r"^\W*what (?:is|are|do) your? (?:opinion|thoughts|think)\b.*\?$",
        120,
        sentences_too=True,
        ends=True,
    ),
    _kind(
        "related",
        r"^\W*(?:related|recommended|suggested|popular|trending|most)"
        r"(?: (?:viewed|read|popular|shared|commented))?(?: (?:stor(?:y|ies)|articles?|news"
        r"|posts?|topics?|links|reading|content|coverage|for you|now|today))+\W*$"
        r"|^\W*(?:most (?:viewed|read|popular|shared)|trending|see also|read (?:also|next"
        r"|more:?.*)|also read|more (?:from|on|in) .+"
        r"|more (?:stories|news|articles)|you (?:may|might) (?:also )?(?:like|be interested in)"
        r"|what to read next|editors?['’]?s? picks?"
        r"|latest stories|top stories|in this section|up next|don['’]t miss)\b[^.]*$"
        r"|^\W*(?:관련\s?(?:기사|뉴스)|많이\s?본\s?(?:기사|뉴스)|인기\s?(?:기사|뉴스)|주요\s?뉴스|추천\s?기사)"
        r"|^\W*(?:関連(?:記事|ニュース)|あわせて読みたい|人気記事|アクセスランキング|相关(?:新闻|阅读|报道)|热门(?:新闻|文章)|延伸阅读)",
        90,
        ends=True,
    ),
    _kind(
        "tags",
        r"^\W*(?:tags?|keywords?|topics?|hashtags?|filed under|categor(?:y|ies))\s?:.*$|^(?:tags"
        r"|keywords)$",
        200,
        ends=True,
    ),
    _kind("tags", r"^(?:#[^\s#]+[\s,]*)+$", 300),
    _kind(
        "social",
        r"^\W*(?:join us on|follow (?:us|me|him|her|[\w ]{1,30} on (?:x|twitter|facebook"
        r"|instagram))\b|like us on|find us on"
        r"|share (?:this|on|via|it)\b|subscribe (?:to|now|for|today)\b|sign up (?:for|to|now|here"
        r"|today)\b|get (?:our|the latest)\b"
        r"|download (?:our|the) app|click here|tap here|register (?:for free|now)|support (?:our"
        r"|independent) journalism"
        r"|become a (?:member|subscriber)|already a (?:member|subscriber)|enjoying (?:this|our)"
        r"|listen to (?:this|our))\b",
        200,
        sentences_too=True,
    ),
    _kind(
        "social",
        r"\bnewsletter\b.*\bsign up\b|\bsign up here\b",
        200,
        sentences_too=True,
        needs=("sign up",),
    ),
    _kind(
        "cookies",
        r"^\W*(?:accept|reject|manage) (?:all )?cookies"
        r"|^by (?:continuing|clicking|subscribing|signing)\b.*\b(?:agree|consent|accept)\b",
        400,
        sentences_too=True,
    ),
    _kind(
        "cookies",
        r"\b(?:we|this (?:web)?site|our partners) uses? (?:\w+ )?cookies\b|쿠키를 사용",
        400,
        sentences_too=True,
        needs=("cookies", "쿠키를"),
    ),
    _kind(
        "byline",
        r"^\W*(?:reporting|writing|additional reporting|editing|compiled|edited|written|translated"
        r"|story|text|words|photos?|video|graphics?) by:? (?-i:[A-Z])",
        400,
        sentences_too=True,
        sure=True,
    ),
    Kind(
        "byline",
        re.compile(
            r"^(?:By|BY|by|Author:|Writer:)\s+(?:[A-Z][\w.’'-]*|and|in|with|for|the|of|de|von|van"
            r"|bin|al|&)"
            r"(?:,?\s+(?:[A-Z(][\w.’')-]*|and|in|with|for|the|of|de|von|van|bin|al|&|-|\||[a-z]*\s?"
            r"(?:correspondents?|reporters?|writers?|editors?|columnists?|bureau|staff|chief"
            r"|intern|diplomatic|senior)))*,?$"
        ),
        120,
    ),
    _kind(
        "byline",
        r"^[가-힣]{2,4}\s?(?:기자|특파원|논설위원|인턴기자)(?:\s.*|)$"
        r"|^\W*[가-힣]{2,4}\s?기자\s?=?$|^(?:記者|文)[：:]\s?\S{2,12}$"
        r"|^[【\[（(](?:記者|编辑|責任編集|责任编辑|编辑).{0,30}[】\])）]$|^(?:责任编辑|编辑|記者)[：:].{1,20}$",
        80,
    ),
    _kind(
        "byline",
        r"^\W*with (?:assistance|contributions?|files|help|reporting) (?:from|by) "
        r"(?-i:(?:(?:[A-Z][\w.’'-]*|and|at|in|of|the),?(?:\s+|$))+)\W*$",
        200,
        sentences_too=True,
    ),
    _kind(
        "byline",
        r"^\W*the (?:author|writer)s? (?:is|are|was|were) (?:an?|the|former|now|professors?)\b",
        300,
        sentences_too=True,
    ),
    _kind(
        "contact",
        r"^(?:please )?(?:direct|send|email|e-mail|address)\b.*\b(?:questions?|comments?|feedback"
        r"|tips|corrections)\b.*(?:@|\[|\bto (?:us|the editors?)\b)",
        160,
        sentences_too=True,
    ),
    _kind(
        "byline",
        r"^\W*our standards:|^\[\d+/\d+\]",
        300,
        sentences_too=True,
        sure=True,
    ),
    _kind(
        "byline",
        r"\bcontributed to this (?:report|story|article)\b|\bpurchase licensing rights\b",
        300,
        sentences_too=True,
        sure=True,
        needs=("contributed to this ", "purchase licensing rights"),
    ),
    _kind("contact", r"\S+@\S+\.\w+\W*$", 80, needs=("@",)),
    _kind("contact", r"^(?:제보는|기사제보|구독신청)", 120, sentences_too=True),
    _kind("stamp", rf"^\W*(?:{_STAMPED})\s?[:：.]?\s?(?:{DAYS},?\s)?{DATE}.{{0,90}}$", 160),
    _kind(
        "stamp",
        rf"^\W*(?>(?:{DATE}|{TIME}|{DAYS}|(?:{_STAMPED})\s?[:：]?|[|,·/-])\s*)++\W*$",
        120,
        sentences_too=True,
    ),
    _kind(
        "copyright",
        r"^\W*(?:©|ⓒ|\(c\)\s|<\s?저작권|copyrights?\s?(?:©|ⓒ|\(c\)|\d{4}|by\b))",
        300,
        sentences_too=True,
        sure=True,
        ends=True,
    ),
    _kind(
        "copyright",
        r"\ball rights reserved\b|무단\s?전재|재배포\s?금지|無断(?:転載|複製)|版权所有|版權所有"
        r"|未经.{0,12}(?:授权|许可).{0,12}(?:转载|使用|不得)"
        r"|(?:may|must) not be (?:published, )?(?:broadcast|reproduced|republished|rewritten)",
        300,
        sentences_too=True,
        sure=True,
        ends=True,
        needs=(
            *("all rights reserved", "무단", "재배포", "無断", "版权所有", "版權所有", "未经"),
            *("may not be ", "must not be "),
        ),
    ),
    _kind("stamp", rf"^(?=.*{DATE})(?=.*\b\d{{1,2}}:\d{{2}}\b)", 80),
    _kind("source", r"^\W*(?:출처|자료|来源|來源|出典|情報源)\s?[:：]\s?\S.{0,40}$", 60, ends=True),
    _kind(
        "source",
        r"^\W*(?:sources?|via|credit)\s?:\s*"
        r"(?:https?://\S+|(?-i:(?:(?:[A-Z][\w.&'’-]*|of|the|and|for|in)(?:\s+|$))+))$",
        80,
        ends=True,
    ),
    Kind(
        "source",
        _exact(rf"(?:By |Source: )?(?:{AGENCIES})(?: ?/ ?(?:{AGENCIES}))*"),
        60,
        sentences_too=True,
    ),
    _kind(
        "disclaimer",
        r"^\W*this (?:article|post|story) (?:(?:has been|was) (?:corrected|updated)"
        r"|is (?:more than|over) .{1,15} (?:months?|years?) old)\b",
        300,
        sentences_too=True,
        sure=True,
    ),
    _kind(
        "disclaimer",
        r"^(?:this (?:article|story|post|content) (?:was|has been|is) (?:originally |first "
        r"|automatically |machine[- ])?"
        r"(?:published|translated|generated|syndicated|written with)|this translation)\b",
        260,
        sentences_too=True,
    ),
)

MARK = _exact(rf"(?:{AGENCIES}|END|End|MORE|끝|ends|Ends)")
