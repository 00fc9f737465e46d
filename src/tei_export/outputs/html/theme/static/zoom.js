// Drawings that can be seen closer: buttons, keys, ctrl and wheel, two fingers, dragging.
// Only the viewBox changes; what the style sheet calls `fixed` keeps its size by --zoom.
(() => {
  "use strict";
  const MOST = 16;
  const STEP = 1.5;
  const template = /** @type {HTMLTemplateElement | null} */ (document.getElementById("zoom"));

  /** Where a name may stand, as parts of the symbol's reach and of the name's width. */
  const SIDES = [[1, 0, "start"], [-1, 0, "end"], [0, -1, "middle"], [0, 1, "middle"]];
  const ATTRIBUTES = ["x", "y", "class", "visibility"];

  /** A symbol's name, which finds a new place when the symbols move apart. */
  class Name {
    /** @param {SVGGElement} spot */
    constructor(spot) {
      const { e, f } = /** @type {SVGTransform} */ (spot.transform.baseVal.consolidate()).matrix;
      this.x = e;
      this.y = f;
      this.text = /** @type {SVGTextElement} */ (spot.querySelector("text"));
      this.lead = spot.querySelector("line");
      const symbol = /** @type {SVGGraphicsElement} */ (spot.querySelector(".ring")).getBBox();
      this.reach = symbol.width / 2;
      this.width = this.text.getComputedTextLength();
      this.drawn = ATTRIBUTES.map((name) => this.text.getAttribute(name));
    }

    /** As the drawing has it. */
    reset() {
      this.lead?.removeAttribute("visibility");
      ATTRIBUTES.forEach((name, i) => {
        const value = this.drawn[i];
        if (value === null) this.text.removeAttribute(name);
        else this.text.setAttribute(name, value);
      });
    }

    /** The boxes a name could fill. @param {number} zoom */
    *boxes(zoom) {
      const [x, y] = [this.x * zoom, this.y * zoom];
      for (const [right, below, anchor] of /** @type {[number, number, string][]} */ (SIDES)) {
        const [dx, dy] = [right * (this.reach + 4), below * (this.reach + 11)];
        const left = x + dx - (anchor === "start" ? 0 : anchor === "end" ? this.width : this.width / 2);
        yield { dx, dy, anchor, box: [left, y + dy - 8, left + this.width, y + dy + 8] };
      }
    }
  }

  /** Names beside their symbols, important ones first; one without room is not shown.
   * @param {Name[]} names @param {number} zoom */
  const place = (names, zoom) => {
    const taken = names.map((n) => [
      n.x * zoom - n.reach, n.y * zoom - n.reach, n.x * zoom + n.reach, n.y * zoom + n.reach,
    ]);
    names.forEach((name, i) => {
      name.reset();
      if (zoom === 1) return;
      name.lead?.setAttribute("visibility", "hidden");
      const free = [...name.boxes(zoom)].find(({ box }) => !taken.some((t, j) =>
        j !== i && box[0] < t[2] && t[0] < box[2] && box[1] < t[3] && t[1] < box[3]));
      name.text.setAttribute("visibility", free ? "visible" : "hidden");
      if (!free) return;
      taken.push(free.box);
      name.text.setAttribute("x", String(free.dx));
      name.text.setAttribute("y", String(free.dy + 5));
      name.text.classList.remove("e", "m");
      if (free.anchor !== "start") name.text.classList.add(free.anchor[0]);
    });
  };

  /** @param {HTMLElement} region @param {SVGSVGElement} svg */
  const equip = (region, svg) => {
    const whole = svg.viewBox.baseVal;
    const [width, height] = [whole.width, whole.height];
    let [x, y, zoom] = [0, 0, 1];
    const tools = /** @type {HTMLElement} */ (
      /** @type {DocumentFragment} */ (template?.content.cloneNode(true)).firstElementChild
    );
    region.before(tools);

    /** @param {number} value @param {number} least @param {number} most */
    const between = (value, least, most) => Math.min(Math.max(value, least), most);

    const names = [...svg.querySelectorAll(".spot")].map((spot) => new Name(/** @type {SVGGElement} */ (spot)));
    let placed = 1;

    const show = () => {
      if (zoom !== placed) place(names, zoom);
      placed = zoom;
      x = between(x, 0, width - width / zoom);
      y = between(y, 0, height - height / zoom);
      svg.setAttribute("viewBox", `${x} ${y} ${width / zoom} ${height / zoom}`);
      svg.style.setProperty("--zoom", String(zoom));
      region.classList.toggle("near", zoom > 1);
      for (const button of tools.querySelectorAll("button")) {
        const off = button.dataset.zoom === "in" ? zoom >= MOST : zoom <= 1;
        button.setAttribute("aria-disabled", String(off));
      }
    };

    /** Closer by `factor` about a point of the drawing, which stays where it is.
     * @param {number} factor @param {number} [atX] @param {number} [atY] */
    const scale = (factor, atX = x + width / zoom / 2, atY = y + height / zoom / 2) => {
      const next = between(zoom * factor, 1, MOST);
      x = atX - ((atX - x) * zoom) / next;
      y = atY - ((atY - y) * zoom) / next;
      zoom = next;
      show();
    };

    /** @param {number} right @param {number} down in parts of what is shown */
    const move = (right, down) => {
      x += (right * width) / zoom;
      y += (down * height) / zoom;
      show();
    };

    /** A point of the window in the drawing. @param {number} clientX @param {number} clientY */
    const point = (clientX, clientY) => {
      const box = svg.getBoundingClientRect();
      return [
        x + ((clientX - box.left) / box.width) * (width / zoom),
        y + ((clientY - box.top) / box.height) * (height / zoom),
      ];
    };

    const all = () => {
      zoom = 1;
      show();
    };
    /** @type {Record<string, () => void>} */
    const actions = { in: () => scale(STEP), out: () => scale(1 / STEP), all };
    tools.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("button");
      if (button) actions[button.dataset.zoom ?? ""]?.();
    });

    /** @type {Record<string, () => void>} */
    const keys = {
      "+": actions.in, "=": actions.in, "-": actions.out, 0: all,
      ArrowLeft: () => move(-0.15, 0), ArrowRight: () => move(0.15, 0),
      ArrowUp: () => move(0, -0.15), ArrowDown: () => move(0, 0.15),
    };
    region.addEventListener("keydown", (event) => {
      const arrow = event.key.startsWith("Arrow");
      if (event.ctrlKey || event.metaKey || event.altKey || (arrow && zoom === 1)) return;
      const action = keys[event.key];
      if (!action) return;
      event.preventDefault();
      event.stopPropagation();
      action();
    });

    region.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      scale(2 ** (-event.deltaY / 240), ...point(event.clientX, event.clientY));
    }, { passive: false });

    /** @type {Map<number, PointerEvent>} */
    const down = new Map();
    let dragged = false;
    region.addEventListener("pointerdown", (event) => {
      down.set(event.pointerId, event);
      dragged = false;
    });
    region.addEventListener("pointermove", (event) => {
      const before = down.get(event.pointerId);
      if (!before) return;
      const box = svg.getBoundingClientRect();
      if (down.size === 2) {
        const [one, two] = [...down.values()];
        const other = one.pointerId === event.pointerId ? two : one;
        const length = Math.hypot(before.clientX - other.clientX, before.clientY - other.clientY);
        const now = Math.hypot(event.clientX - other.clientX, event.clientY - other.clientY);
        const middle = point((event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2);
        if (length > 0) scale(now / length, ...middle);
        dragged = true;
      } else if (zoom > 1) {
        const [right, below] = [event.clientX - before.clientX, event.clientY - before.clientY];
        if (!dragged && Math.hypot(right, below) < 4) return;
        if (!dragged) region.setPointerCapture(event.pointerId);
        dragged = true;
        move(-right / box.width, -below / box.height);
      }
      down.set(event.pointerId, event);
    });
    for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
      region.addEventListener(name, (event) => down.delete(/** @type {PointerEvent} */ (event).pointerId));
    }
    // Links must not be dragged about, nor followed at the end of a drag.
    region.addEventListener("dragstart", (event) => event.preventDefault());
    region.addEventListener("click", (event) => {
      if (dragged) event.preventDefault();
      dragged = false;
    }, true);
    show();
    // Where the picture is wider than the window: the town that is mentioned most.
    const town = svg.querySelector(".spot circle");
    if (town && region.scrollWidth > region.clientWidth) {
      const box = town.getBoundingClientRect();
      region.scrollLeft += box.left + box.width / 2 - region.getBoundingClientRect().left - region.clientWidth / 2;
    }
  };

  for (const region of document.querySelectorAll(".zoomable")) {
    const svg = region.querySelector("svg");
    if (template && svg) equip(/** @type {HTMLElement} */ (region), svg);
  }
})();
