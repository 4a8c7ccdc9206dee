"""More than three hundred addresses: those of a video give its id and moment, all others are refused with a reason."""
# ruff: noqa: E501  (a table: what is alike stands on one line)

from itertools import product

import pytest

from hemicycle_youtube.addresses import read
from hemicycle_youtube.sites import Moment

ID = "aB3_-dEf9Gh"
OTHER = "-_-_-_-_-_-"

WATCH = ["youtube.com", "www.youtube.com", "m.youtube.com"]
GOOD = {
    ID: 0, f"  {ID}\n": 0, OTHER: 0, "demo-ep-01_": 0,
    **{f"{scheme}{host}{path}{ID}": 0 for scheme, host, path in product(
        ("https://", "http://", "HTTPS://", ""), WATCH, ("/watch?v=", "/watch/?v=", "/shorts/", "/live/", "/embed/"))},
    **{f"{scheme}{host}/{ID}{end}": 0 for scheme, host, end in product(
        ("https://", "http://", ""), ("youtu.be", "www.youtu.be", "YOUTU.BE"), ("", "/", "?si=abc", "?feature=shared"))},
    **{f"https://{host}/embed/{ID}{end}": 0 for host, end in product(
        ("youtube-nocookie.com", "www.youtube-nocookie.com", "WWW.YouTube-NoCookie.com"), ("", "?rel=0", "/"))},
    f"https://www.youtube.com:443/watch?v={ID}": 0,
    f"http://www.youtube.com:80/watch?v={ID}": 0,
    f"https://www.youtube.com/watch?list=PL1234567890&v={ID}&index=3": 0,
    f"https://www.youtube.com/watch?v={ID}&list=RD{ID}&start_radio=1": 0,
    f"https://www.youtube.com/watch?app=desktop&v={ID}#comments": 0,
    f"https://www.youtube.com/watch?feature=share&v={ID}": 0,
    **{f"https://youtu.be/{ID}?t={text}": at for text, at in (
        ("90", 90), ("90s", 90), ("1m30s", 90), ("1m", 60), ("2h", 7200), ("1h2m3s", 3723), ("1h3s", 3603), ("0", 0),
        ("0s", 0), ("100h", 360_000), ("61m", 3660))},
    **{f"https://www.youtube.com/watch?v={ID}&{name}=75": 75 for name in ("t", "start", "time_continue")},
    f"https://www.youtube.com/watch?t=1m5s&v={ID}": 65,
    f"https://www.youtube.com/embed/{ID}?start=42&end=50": 42,
    f"https://www.youtube.com/watch?v={ID}#t=1m1s": 61,
    f"https://www.youtube.com/live/{ID}?t=10": 10,
    f"https://www.youtube.com/shorts/{ID}?t=5&feature=share": 5,
    # what cannot be read as a time is the beginning
    **{f"https://youtu.be/{ID}?t={text}": 0 for text in ("", "abc", "-5", "1d", "1.5", "1e3", "s", "99999999999", "5m3h")},
}  # fmt: skip

HOSTS = """
youtube.com.evil.example evil-youtube.com notyoutube.com youtube.com.br youtube.co.uk youtube.fr youtube.con youtub.com
youtu.be.evil.example youtu.bee xyoutu.be yout.be youtube-nocookie.com.evil.example youtube-nocookie.org
gaming.youtube.com music.youtube.com studio.youtube.com accounts.youtube.com img.youtube.com i.ytimg.com google.com
www.google.com googlevideo.com youtubei.googleapis.com localhost 127.0.0.1 [::1] 169.254.169.254 example.org ww.youtube.com
wwww.youtube.com youtube youtube.com. www.youtube.com. m.youtube.com. youtu.be. xn--youtbe-6ya.com
""".split()  # noqa: SIM905
FOLDERS = """
channel c user playlist results redirect attribution_link oembed feeds vi an v e watch_videos clip post hashtag embed/x
""".split()  # noqa: SIM905
BAD = [
    "", " ", "x", ID[:10], f"{ID}a", f"{ID[:10]}!", f"{ID[:10]}é", f"{ID[:5]} {ID[5:]}", f"{ID}\u0000", f"{ID[:10]}\u200b",
    *(f"https://{host}/watch?v={ID}" for host in HOSTS),
    *(f"https://{host}/{ID}" for host in HOSTS),
    *(f"https://www.youtube.com/{folder}/{ID}" for folder in FOLDERS),
    *(f"https://www.youtube.com/{folder}?v={ID}" for folder in FOLDERS),
    *(f"{scheme}www.youtube.com/watch?v={ID}" for scheme in (
        "ftp://", "file://", "javascript://", "data://", "ws://", "//", "https:/", "https:", "https:///", "://", "view-source:https://")),
    *(f"https://{user}@www.youtube.com/watch?v={ID}" for user in ("a", "a:b", "www.youtube.com", ":", "")),
    *(f"https://www.youtube.com:{port}/watch?v={ID}" for port in (80, 8080, 0, 22, 65536, 99999, "x", -1)),
    *(f"http://www.youtube.com:{port}/watch?v={ID}" for port in (443, 8080)),
    *(f"https://www.youtube.com@evil.example{path}{ID}" for path in ("/watch?v=", "/", "/embed/")),
    *(f"https://evil.example{mark}www.youtube.com/watch?v={ID}" for mark in ("/", "?", "#", "\\", "@", "%40", "%2F", "/https://")),
    *(f"https://www.youtube.com{path}" for path in (
        "", "/", "/watch", "/watch?", "/watch?v=", "/watch?v", f"/watch?V={ID}", f"/Watch?v={ID}", f"/watch/{ID}",
        f"/watch//?v={ID}", f"//watch?v={ID}", f"/watch?v={ID}&v={OTHER}", f"/watch?v={ID}&v={ID}", f"/watch?vi={ID}",
        f"/watch?video={ID}", f"/watch?list=PL{ID}", f"/watch#v={ID}", f"/#/watch?v={ID}", f"/?v={ID}", f"/{ID}",
        f"/watch?v={ID[:10]}", f"/watch?v={ID}x", f"/watch?v={ID}/", f"/watch?v={ID}%20", f"/watch?v=%20{ID}",
        f"/watch?v={ID[:10]}%68", f"/watch?v={ID[:10]}+", f"/watch?v={ID[:9]}%2F", f"/watch?v=..%2F..%2F{ID}",
        f"/watch%3Fv={ID}", f"/watch%2F?v={ID}", f"/%77atch?v={ID}", f"/watch;v={ID}", f"/watch?v={ID};list=x",
        f"/shorts/{ID[:10]}", f"/shorts/{ID}a", f"/shorts/{ID}/x", f"/shorts//{ID}", f"/shorts%2F{ID}", f"/shorts/{ID}%00",
        f"/embed/{ID[:10]}", f"/embed/{ID}a", "/embed/", "/embed", f"/embed//{ID}", f"/embed/%2e%2e/{ID}",
        "/embed/videoseries?list=PL1", "/embed/live_stream?channel=UC1", "/live/", "/live", f"/live/{ID}/chat",
        "/playlist?list=PL1234567890", "/@handle", "/@handle/live", "/channel/UC1234567890123456789012", "/feed/trending",
        f"/oembed?url=https://www.youtube.com/watch?v={ID}", f"/redirect?q=https://youtu.be/{ID}",
    )),
    *(f"https://youtu.be{path}" for path in (
        "", "/", f"/{ID[:10]}", f"/{ID}a", f"/{ID}/{OTHER}", f"//{ID}", f"/watch?v={ID}", f"/?v={ID}", f"/embed/{ID}",
        f"/%2F{ID}", f"/{ID}%2F", f"/{ID[:8]}%2E%2E",
    )),
    *(f"https://www.youtube-nocookie.com{path}" for path in (
        f"/watch?v={ID}", f"/shorts/{ID}", f"/live/{ID}", f"/{ID}", "/embed/videoseries", "/embed/live_stream",
    )),
    f"https://www.youtube.com/watch?v={ID}\nhttps://evil.example", f"https://www.youtube.com/wa tch?v={ID}",
    f"https://www.youtube.com\t/watch?v={ID}", f"https://www.youtube.com\\watch?v={ID}", f"https://[www.youtube.com/watch?v={ID}",
    f"https://www.уoutube.com/watch?v={ID}", f"https://www。youtube。com/watch?v={ID}", f"https://ＹＯＵＴＵＢＥ.com/watch?v={ID}",
    f"https://www.youtube.com/watch?v={ID}&x=" + "a" * 2000, "a" * 3000, "javascript:alert(1)", "<script>", "' OR 1=1 --",
]  # fmt: skip


def test_there_are_enough_of_them() -> None:
    assert len(GOOD) + len(set(BAD)) >= 300
    assert len(set(BAD)) == len(BAD)


@pytest.mark.parametrize("text", GOOD)
def test_an_address_of_a_video_is_read(text: str) -> None:
    video = next((one for one in (OTHER, "demo-ep-01_") if one in text), ID)
    assert read(text) == Moment(video, GOOD[text])


@pytest.mark.parametrize("number", range(len(BAD)))
def test_what_is_no_address_of_a_video_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=r"\w{3}"):
        read(BAD[number])
