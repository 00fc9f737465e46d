"""What the cursor writes is what libxml2 would serialise (``tei/cursor.py``)."""

from __future__ import annotations

from lxml import etree

from tei_export.tei.cursor import Cursor
from tei_export.tei.elements import element, sub
from tei_export.tei.tags import element_of, tags_of, xml_of

#: Every sign of the first plane that XML allows.
SIGNS = "".join(chr(code) for code in (9, 10, 13, *range(0x20, 0xD800), *range(0xE000, 0xFFFE)))


def test_it_writes_what_libxml2_would() -> None:
    cursor = Cursor()
    with cursor.open("p", n=0, xml_id="p1", from_="a", rend="", type=None, resp=SIGNS):
        cursor.text(SIGNS)
        with cursor.open("hi"):
            cursor.text("")
        with cursor.open("hi", rend='"b"'):
            cursor.text("b")
        cursor.empty("lb", n="1", **{"break": "no"})
        cursor.text("]]>")
    tree = element("p", SIGNS, n=0, xml_id="p1", from_="a", rend="", type=None, resp=SIGNS)
    sub(tree, "hi")
    sub(tree, "hi", "b", rend='"b"')
    sub(tree, "lb", n="1", **{"break": "no"}).tail = "]]>"
    assert cursor.xml.encode() == xml_of(tree)
    assert etree.tostring(element_of(cursor.xml.encode()), method="c14n") == etree.tostring(
        tree, method="c14n"
    )


def test_of_two_attributes_with_one_name_the_second_counts() -> None:
    cursor = Cursor()
    cursor.empty("hi", type="a", rend="b", type_="c")
    assert cursor.xml == '<hi type="c" rend="b"/>'


def test_attributes_are_added_to_what_was_written() -> None:
    cursor = Cursor()
    with cursor.open("app") as outer:
        with cursor.open("lem", resp="#ed") as full:
            cursor.text("a")
        with cursor.open("rdg") as bare:
            pass
        empty = cursor.empty("gap")
        empty.set("n", "1")
    for tag in (outer, full, bare, empty):
        tag.set("source", "<&>")
    said = 'source="&lt;&amp;&gt;"'
    assert cursor.xml == (
        f'<app {said}><lem resp="#ed" {said}>a</lem><rdg {said}/><gap n="1" {said}/></app>'
    )
    assert [tag.local for tag in (outer, full, bare, empty)] == ["app", "lem", "rdg", "gap"]


def test_it_knows_what_is_open() -> None:
    cursor = Cursor()
    with cursor.open("bibl"), cursor.open("title"):
        assert cursor.local == "title"
        assert cursor.within("bibl")
        assert not cursor.within("p")
    other = Cursor()
    with other.open("div"):
        other.put(cursor.xml)
    assert other.xml == "<div><bibl><title/></bibl></div>"


def test_tags_are_read_in_order() -> None:
    xml = '<p n="1"><note n="a&quot;&amp;b/"><lb/>&lt;lb/&gt;</note><noted/><lb n="2" xml:id="o1"/><note/></p>'
    assert list(tags_of(xml, "lb", "note")) == [
        ("note", {"n": 'a"&b/'}),
        ("lb", {}),
        ("/lb", {}),
        ("/note", {}),
        ("lb", {"n": "2", "xml:id": "o1"}),
        ("/lb", {}),
        ("note", {}),
        ("/note", {}),
    ]
