"""What a browser says of itself, in two words that a person recognises in the list of signed-in devices."""

#: The first that occurs names it: browsers claim to be each other, so the particular come before the general.
_BROWSERS = (
    ("KAKAOTALK", "KakaoTalk"),
    ("NAVER(", "NAVER"),
    ("Whale/", "Whale"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """``Samsung Internet, Android``; empty where nothing known is named."""
    found = (next((word for sign, word in signs if sign in user_agent), "") for signs in (_BROWSERS, _SYSTEMS))
    return ", ".join(word for word in found if word)
