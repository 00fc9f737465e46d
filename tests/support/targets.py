"""Measure the size of targets (WCAG 2.2, success criterion 2.5.8) on whole pages at once.

The rule of axe-core compares every target with everything drawn near it, which takes seconds on a page with
a thousand links. This script follows the same criterion with a grid of targets; ``test_axe.py`` compares the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Finds the targets that are too small and too near to another, by the rule of axe-core: a target narrower or lower
#: than 24 pixels passes if the circle of 24 pixels around its centre meets no other target and no circle of
#: another small target. Parts covered by a later target do not count. Targets in a line of text and in an SVG are
#: exceptions.
_SMALL = r"""() => {
  const LEAST = 24, EPSILON = 0.05, CELL = 64;
  const WIDGETS = "a[href], button, input:not([type=hidden]), select, textarea, summary, " +
    "[role=button], [role=link], [role=tab], [role=option], [role=checkbox], [role=radio], [role=switch], " +
    "[role=slider], [role=menuitem], [role=textbox], [role=combobox], [role=searchbox], [role=spinbutton]";
  const display = new Map();
  const displayed = e => {
    if (!display.has(e)) display.set(e, getComputedStyle(e).display);
    return display.get(e);
  };
  const isBlock = e => /^(block|list-item|table.*|flex|grid|flow-root)$/.test(displayed(e));

  // The targets of a block that have words of its own beside them, between two line breaks; words of the
  // text that are a reference to their entry are its own.
  const inText = new Set(), walked = new Set();
  const walk = block => {
    walked.add(block);
    let words = false, targets = [];
    const end = () => { if (words) targets.forEach(t => inText.add(t)); words = false; targets = []; };
    const go = node => {
      for (const child of node.childNodes) {
        if (child.nodeType === 3) words ||= child.data.trim() !== "";
        else if (child.nodeType !== 1) continue;
        else if (isBlock(child) || child.matches("br, hr")) end();
        else if (child.matches(WIDGETS)) {
          targets.push(child);
          words ||= child.matches("[role=doc-noteref]") && child.textContent.trim() !== "";
        }
        else if (child.style.display !== "none") go(child);
      }
    };
    go(block);
    end();
  };
  const stands = e => {
    if (isBlock(e)) return false;
    let block = e.parentElement;
    while (!isBlock(block)) block = block.parentElement;
    if (!walked.has(block)) walk(block);
    return inText.has(e);
  };

  const pinned = new Map();
  const layer = e => {
    if (!e) return null;
    if (!pinned.has(e)) pinned.set(e, /fixed|sticky/.test(getComputedStyle(e).position) ? e : layer(e.parentElement));
    return pinned.get(e);
  };
  const all = [];
  for (const e of document.querySelectorAll(WIDGETS)) {
    if (e.disabled || e.tabIndex < 0 || e.closest("svg, [inert]") || !e.checkVisibility({visibilityProperty: true})) continue;
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const boxes = displayed(e) === "inline" ? [...e.getClientRects()] : [box];
    all.push({ e, box, boxes, layer: layer(e), small: box.width < LEAST - EPSILON || box.height < LEAST - EPSILON });
  }
  const grid = new Map();
  const cells = (box, more) => {
    const found = [];
    for (let x = Math.floor((box.left - more) / CELL); x <= Math.floor((box.right + more) / CELL); x++)
      for (let y = Math.floor((box.top - more) / CELL); y <= Math.floor((box.bottom + more) / CELL); y++)
        found.push(`${x} ${y}`);
    return found;
  };
  for (const one of all)
    for (const cell of cells(one.box, 0)) grid.has(cell) ? grid.get(cell).push(one) : grid.set(cell, [one]);
  const near = one => {
    const found = new Set(cells(one.box, LEAST).flatMap(cell => grid.get(cell) ?? []));
    return [...found].filter(other => other.e !== one.e && other.layer === one.layer
      && !other.e.contains(one.e) && !one.e.contains(other.e));
  };
  const over = (other, one) => one.e.compareDocumentPosition(other.e) & Node.DOCUMENT_POSITION_FOLLOWING;
  const free = (one, others) => {
    let { left, top, right, bottom } = one.box;
    for (const box of others.filter(other => over(other, one)).flatMap(other => other.boxes)) {
      if (box.left >= right || box.right <= left || box.top >= bottom || box.bottom <= top) continue;
      const rests = [[left, top, box.left, bottom], [box.right, top, right, bottom], [left, top, right, box.top], [left, box.bottom, right, bottom]];
      const least = ([l, t, r, b]) => Math.min(r - l, b - t);
      [left, top, right, bottom] = rests.sort((a, b) => least(b) - least(a))[0];
    }
    return Math.min(right - left, bottom - top) >= LEAST - EPSILON;
  };
  const centre = ({ left, top, width, height }) => [left + width / 2, top + height / 2];
  const apart = (one, other) => one.boxes.every(box => {
    const [x, y] = centre(box), [u, v] = centre(other.box);
    return (!other.small || Math.hypot(u - x, v - y) >= LEAST - EPSILON) && other.boxes.every(
      ({ left, top, right, bottom }) =>
        Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom)) >= LEAST / 2 - EPSILON);
  });
  const wrong = [];
  for (const one of all) {
    if (stands(one.e)) continue;
    const others = near(one);
    if (!one.small && free(one, others)) continue;
    if (!others.every(other => apart(one, other))) wrong.push(one);
  }
  return { targets: all.length, small: wrong.map(({ e, box }) =>
    `${e.localName}${e.id && "#" + e.id}.${e.className} ${e.textContent.trim().slice(0, 30)} ${box.width}×${box.height}`) };
}"""


#: Once: each further sheet would style the whole page anew.
_LAY_OUT = """() => {
  if (document.laidOut) return;
  document.laidOut = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { content-visibility: visible !important }");
  document.adoptedStyleSheets.push(sheet);
}"""


def lay_out(page: Page) -> None:
    """Lay the whole page out: what is laid out late has no true place before a reader comes to it."""
    page.evaluate(_LAY_OUT)


def small_targets(page: Page) -> list[str]:
    """Describe the targets of a page that are too small and too near to others."""
    lay_out(page)
    found = page.evaluate(_SMALL)
    assert found["targets"] > 0
    small: list[str] = found["small"]
    return small
