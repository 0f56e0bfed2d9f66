import lxml.html

from feedsvc.extract.marks import caption_of

BOX = '<div><div class="khung-td">Xem nhiều</div>' + "".join(
    f'<div class="tin" id="t{number}"><a href="/{number}">Tin thứ {number} của xã</a></div>' for number in range(1, 6)
)


def test_lines_of_one_box_share_its_caption():
    """Where two of five lines are found alike, those before them do not hide what stands over all five."""
    lines = {one.get("id"): one for one in lxml.html.fragment_fromstring(f"{BOX}</div>").iter("div") if one.get("id")}
    assert caption_of(lines["t5"], {lines["t5"]}) == "Xem nhiều"
    assert caption_of(lines["t1"], {lines["t1"], lines["t2"]}) == "Xem nhiều"


def test_a_caption_is_not_taken_from_beyond_another_line_of_the_list():
    """The heading over an earlier record is not that of a later one."""
    lines = {one.get("id"): one for one in lxml.html.fragment_fromstring(f"{BOX}</div>").iter("div") if one.get("id")}
    assert not caption_of(lines["t5"], {lines["t4"], lines["t5"]})
