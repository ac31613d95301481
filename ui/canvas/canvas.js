// Keeps Plotly figures alive between reruns: static traces by name, moving ones redrawn in place, one time for all.

const grounds = new Map();
const waiting = new Map();
const holders = new Map();
const canvases = new Map();
const views = new Map();
const libraries = new Map();

const SVG = "http://www.w3.org/2000/svg";
// Plotly's own ways back to the whole picture lead to the last zoom instead, since a rerun draws the zoom. Nothing is
// sent to anybody's cloud.
const CONFIG = {
  displaylogo: false,
  showSendToCloud: false,
  responsive: false,
  doubleClick: false,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "resetScale2d"],
};
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const SECONDS_FOR_A_RUN = 8;
const FLAT_AXES = ["xaxis", "yaxis"];
const ROOM_FOR_TITLES = 450;
const FURTHEST_BACK = 1.25;
const GRAB = 18;
const FAR = 1e5; // pixels: a line is cut there
const CLICK = 5;
const MOST_GROUNDS = 8;
const UNTIL_GONE = 2000;
const MOST_ASKED = 3; // times in a row
const DOUBLE_CLICK = 300;
const NO_WEBGL = "This browser has no WebGL, so the 3D surface cannot be drawn. The contour map shows the same loss from above.";

// ---- messages ----------------------------------------------------------------------------------------------------

export async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const raw = await new Response(stream).arrayBuffer();
  const length = new DataView(raw).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(raw, 4, length)));
  const arrays = header.arrays.map(({ type, shape, at }) => {
    const rows = (flat, [count, ...rest]) => {
      if (!rest.length) return flat;
      const size = flat.length / count;
      return Array.from({ length: count }, (_, row) => rows(flat.subarray(row * size, (row + 1) * size), rest));
    };
    const count = shape.reduce((a, b) => a * b, 1);
    const width = globalThis[type].BYTES_PER_ELEMENT;
    const sorted = new Uint8Array(raw, 4 + length + at, count * width);
    const bytes = new Uint8Array(count * width);
    for (let byte = 0; byte < width; byte += 1) {
      for (let place = 0; place < count; place += 1) bytes[place * width + byte] = sorted[byte * count + place];
    }
    return rows(new globalThis[type](bytes.buffer), shape);
  });
  const filled = (value) => {
    if (Array.isArray(value)) return value.map(filled);
    if (value === null || typeof value !== "object") return value;
    if (Object.keys(value).length === 1 && Number.isInteger(value.array)) return arrays[value.array];
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, filled(entry)]));
  };
  return filled(header.content);
}

export async function keep({ data, parentElement }) {
  parentElement.querySelector(".canvas").style.display = "none";
  holders.set(parentElement, data.id);
  if (!grounds.has(data.id)) {
    forget();
    grounds.set(data.id, unpack(data.content));
  }
  waiting.get(data.id)?.forEach((done) => done());
  waiting.delete(data.id);
}

// Of too many grounds, those that no element on the page holds: an element that has not changed sends its own only once.
function forget() {
  for (const parent of holders.keys()) if (!parent.isConnected) holders.delete(parent);
  const held = new Set(holders.values());
  const spare = [...grounds.keys()].filter((id) => !held.has(id));
  for (const id of spare.slice(0, Math.max(0, grounds.size - MOST_GROUNDS + 1))) grounds.delete(id);
}

async function ground(id) {
  while (!grounds.has(id)) {
    await new Promise((done) => waiting.set(id, [...(waiting.get(id) ?? []), done]));
  }
  return grounds.get(id);
}

function library(address) {
  if (!libraries.has(address)) {
    libraries.set(address, new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => done(globalThis.Plotly);
      script.onerror = () => { libraries.delete(address); failed(new Error("plotly.js did not arrive.")); };
      document.head.append(script);
    }));
  }
  return libraries.get(address);
}

// The style sheet, once for the whole page; without it the pictures stand below one another, but they stand.
function style(address) {
  if (!libraries.has(address)) {
    libraries.set(address, new Promise((done) => {
      document.head.append(element("link", { rel: "stylesheet", href: address, onload: done, onerror: done }));
    }));
  }
  return libraries.get(address);
}

// ---- entry points ------------------------------------------------------------------------------------------------

// A message may arrive after its element has left the page.
export async function show(component) {
  const { parentElement, data } = component;
  if (!parentElement.isConnected) return;
  const root = parentElement.querySelector(".canvas");
  if (canvases.get(parentElement)?.root !== root) close(parentElement);
  if (!canvases.has(parentElement)) canvases.set(parentElement, new Canvas(root, viewOf(data.key)));
  const canvas = canvases.get(parentElement);
  try {
    await canvas.update(component);
    canvas.say("");
  } catch (error) {
    console.warn(error);
    canvas.say(`The pictures could not be drawn: ${error.message} Change a setting or reload the page to try again.`);
  }
}

// Streamlit also says that a component is gone where the next message overtook it: its element is still on the page,
// and the next `show` comes at once. Only where none comes is the element to be left empty.
export function remove(component) {
  const { parentElement } = component;
  if (!parentElement.isConnected) close(parentElement);
  else if (canvases.get(parentElement)?.component === component) {
    setTimeout(() => {
      if (canvases.get(parentElement)?.component === component) close(parentElement);
    }, UNTIL_GONE);
  }
}

function close(parentElement) {
  canvases.get(parentElement)?.close();
  canvases.delete(parentElement);
}

// What a student has chosen to see, by the key of the component: it outlives the element, which may be made anew.
function viewOf(key) {
  const fresh = () => ({
    revision: null, turn: 0, steps: 0, now: 0, speed: 1, looping: false,
    hidden: new Set(), zooms: new Map(), cameras: new Map(),
  });
  if (!views.has(key)) views.set(key, fresh());
  return views.get(key);
}

function element(kind, settings = {}, ...children) {
  const { attributes = {}, ...properties } = settings;
  const made = Object.assign(document.createElement(kind), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function drawing(kind, attributes) {
  const made = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// A colour as computed styles write it.
function asComputed(color) {
  const probe = element("span");
  probe.style.color = color;
  return probe.style.color;
}

function hasWebGL() {
  const probe = document.createElement("canvas");
  const context = probe.getContext("webgl2") ?? probe.getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}

// ---- the canvas --------------------------------------------------------------------------------------------------

class Canvas {
  constructor(root, view) {
    this.root = root;
    this.view = view;
    this.cells = new Map();
    this.playing = 0;
    this.asked = 0;
    this.drawing = Promise.resolve();
    this.webgl = hasWebGL();
    this.grid = element("div", { className: "canvas-grid" });
    this.grid.addEventListener("transitionend", ({ target }) => {
      if (target === this.grid) this.askForTheme();
    });
    this.time = this.timeBar();
    root.append(this.grid, this.time);
    this.sizes = new ResizeObserver(() => this.resized());
    this.sizes.observe(this.grid);
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  askForTheme() {
    this.component?.setTriggerValue("theme", Date.now());
  }

  // A theme that changes while a message is on its way announces nothing: the ink is compared with the page's own.
  // A page in colours of its own never has the same, and is not asked about for ever.
  checkTheme(figures) {
    const ink = Object.values(figures)[0]?.layout.font?.color;
    const same = !ink || asComputed(ink) === getComputedStyle(this.grid).color;
    this.asked = same ? 0 : this.asked + 1;
    if (0 < this.asked && this.asked <= MOST_ASKED) this.askForTheme();
  }

  say(sentence) {
    this.root.querySelector(".canvas-sentence").textContent = sentence;
  }

  close() {
    this.closed = true;
    this.pause();
    document.removeEventListener("keydown", this.onKey);
    this.sizes.disconnect();
    cancelAnimationFrame(this.resizing);
    for (const cell of this.cells.values()) this.discard(cell);
    this.grid.remove();
    this.time.remove();
  }

  discard(cell) {
    const { name, box, plot, following, picking } = cell;
    this.cells.delete(name);
    cancelAnimationFrame(following);
    clearTimeout(picking);
    this.release(plot);
    box.remove();
  }

  // A browser allows few contexts at a time, and forgets one only when it tidies up.
  release(plot) {
    const gl = plot._fullLayout?.scene?._scene.glplot?.gl;
    this.Plotly?.purge(plot);
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
  }

  // A newer message makes the older ones that still wait superfluous, and a closed canvas all of them.
  isOver(turn) {
    return this.closed || turn !== this.view.turn;
  }

  async update(component) {
    const { data } = component;
    const turn = ++this.view.turn;
    this.component = component;
    await style(data.style);
    if (this.isOver(turn)) return;
    this.reserve(data);
    const [Plotly, figures, heavy] = await Promise.all([library(data.plotly), unpack(data.content), ground(data.ground)]);
    this.Plotly = Plotly;
    await this.drawing.catch(() => {});
    if (this.isOver(turn)) return;
    this.drawing = this.draw(figures, heavy, data, turn);
    await this.drawing;
  }

  // Room for the pictures before plotly.js is here, so that nothing below them jumps.
  reserve({ heights, steps }) {
    Object.entries(heights).forEach(([name, height], order) => {
      Object.assign(this.cell(name).box.style, { minHeight: `${height}px`, order });
    });
    this.grid.dataset.figures = Object.keys(heights).length || this.cells.size;
    this.time.hidden = !steps;
  }

  async draw(figures, heavy, data, turn) {
    const { view } = this;
    if (data.revision !== view.revision) {
      for (const chosen of [view.hidden, view.zooms, view.cameras]) chosen.clear();
      view.now = data.steps;
    } else if (view.now >= view.steps || view.now > data.steps) {
      view.now = data.steps;
    }
    view.revision = data.revision;
    view.steps = data.steps;
    for (const cell of this.cells.values()) if (!(cell.name in figures)) this.discard(cell);
    this.unit = data.unit;
    this.slider.max = data.steps;
    // The flat pictures first: they answer sooner.
    const order = Object.entries(figures).sort(([, a], [, b]) => Number("scene" in a.layout) - Number("scene" in b.layout));
    for (const [name, figure] of order) {
      const cell = this.cell(name);
      cell.figure = figure;
      cell.plot.setAttribute("aria-label", data.descriptions[name] ?? "");
      figure.data = figure.data.map((trace) => ("ground" in trace ? heavy[trace.ground] : trace));
      if ("scene" in figure.layout && !this.webgl) {
        cell.plot.style.height = `${figure.layout.height}px`;
        cell.plot.replaceChildren(element("p", { className: "canvas-instead", textContent: NO_WEBGL }));
        continue;
      }
      await this.react(cell);
      if (this.isOver(turn)) return;
    }
    for (const name of data.pick) this.cell(name, true)?.box.classList.add("canvas-pick");
    this.show();
    this.checkTheme(figures);
    this.root.dataset.drawn = String(turn);
    this.root.dispatchEvent(new CustomEvent("drawn"));
  }

  cell(name, onlyKnown = false) {
    if (!this.cells.has(name) && !onlyKnown) {
      const plot = element("div", { attributes: { role: "img", "data-figure": name } });
      const overlay = drawing("svg", { class: "canvas-overlay", "aria-hidden": "true" });
      const box = element("div", { className: "canvas-cell" }, plot, overlay);
      this.grid.append(box);
      const cell = { name, box, plot, overlay, marks: new Map(), drawn: false };
      this.cells.set(name, cell);
      this.listenForPicks(cell);
    }
    return this.cells.get(name);
  }

  async react(cell) {
    const { plot, figure } = cell;
    const { hidden, zooms, cameras } = this.view;
    for (const trace of figure.data) {
      if (trace.meta?.run !== undefined) {
        trace.visible = hidden.has(trace.meta.run) ? (trace.showlegend === false ? false : "legendonly") : true;
      }
    }
    // A copy, because Plotly writes zoom and camera into what it gets, and then takes them for what the page wants.
    const layout = { ...structuredClone(figure.layout), width: Math.floor(cell.box.clientWidth) };
    if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false;
    if (layout.scene?.camera) layout.scene.camera.eye = steppedBack(layout.scene.camera, layout.width);
    if (cameras.has(cell.name)) layout.scene.camera = structuredClone(cameras.get(cell.name));
    const zoom = zooms.get(cell.name);
    for (const axis of FLAT_AXES) if (zoom) layout[axis] = { ...layout[axis], range: [...zoom[axis]], autorange: false };
    cell.config ??= this.config(cell);
    await this.Plotly.react(plot, figure.data, layout, cell.config);
    if (this.closed) this.release(plot);
    else if (!cell.drawn) {
      cell.drawn = true;
      plot.on("plotly_relayout", (changes) => this.zoomed(cell, Object.keys(changes)));
      plot.on("plotly_doubleclick", () => this.unzoom(cell));
      plot.on("plotly_relayouting", () => this.follow(cell));
      plot.on("plotly_legendclick", (event) => this.toggle(event.data[event.curveNumber].meta?.run));
      plot.on("plotly_legenddoubleclick", () => false);
      plot.on("plotly_hover", (event) => this.link(event.points[0]));
      plot.on("plotly_unhover", () => this.link(null));
    }
  }

  // One object for the life of a picture: Plotly makes a picture anew whose configuration has changed.
  config(cell) {
    // Where nothing hovers, the buttons would lie on the title all the time; fingers zoom without them.
    if (matchMedia("(hover: none)").matches) return { ...CONFIG, displayModeBar: false };
    if ("scene" in cell.figure.layout) return CONFIG;
    const whole = { name: "whole", title: "Show the whole picture", icon: this.Plotly.Icons.home, click: () => this.unzoom(cell) };
    return { ...CONFIG, modeBarButtonsToAdd: [whole] };
  }

  // The part of a flat picture and the side of a scene that a student has chosen, kept whatever is drawn next.
  zoomed(cell, changed) {
    this.follow(cell);
    if (changed.some((name) => name.startsWith("scene.camera"))) {
      this.view.cameras.set(cell.name, cell.plot._fullLayout.scene._scene.getCamera());
    }
    if (!changed.some((name) => FLAT_AXES.includes(name.split(".")[0]))) return;
    const now = FLAT_AXES.map((axis) => [axis, [...cell.plot._fullLayout[axis].range]]);
    const same = now.every(([axis, range]) => String(range) === String(cell.figure.layout[axis]?.range));
    if (same) this.view.zooms.delete(cell.name);
    else this.view.zooms.set(cell.name, Object.fromEntries(now));
  }

  async unzoom(cell) {
    if (!this.view.zooms.has(cell.name)) return;
    clearTimeout(cell.picking);
    const ranges = FLAT_AXES.map((axis) => [axis, cell.figure.layout[axis]?.range]);
    await this.Plotly.relayout(cell.plot, Object.fromEntries(ranges.map(([axis, range]) =>
      range ? [`${axis}.range`, [...range]] : [`${axis}.autorange`, true])));
    this.view.zooms.delete(cell.name);
  }

  toggle(run) {
    if (run === undefined) return true;
    const { hidden } = this.view;
    if (!hidden.delete(run)) hidden.add(run);
    this.drawing = this.drawing.catch(() => {}).then(async () => {
      for (const cell of this.cells.values()) if (cell.drawn) await this.react(cell);
      this.show();
    });
    return false;
  }

  resized() {
    cancelAnimationFrame(this.resizing);
    this.resizing = requestAnimationFrame(async () => {
      for (const cell of this.cells.values()) {
        const width = Math.floor(cell.box.clientWidth);
        if (cell.drawn && width > 0 && width !== cell.plot._fullLayout?.width) {
          await this.Plotly.relayout(cell.plot, { width });
          this.place(cell);
        }
      }
    });
  }

  // ---- time ------------------------------------------------------------------------------------------------------

  timeBar() {
    const button = (name, label, action) =>
      element("button", { type: "button", textContent: name, title: label, onclick: action, attributes: { "aria-label": label } });
    this.playButton = button("▶", "Play (space)", () => this.playOrPause());
    this.slider = element("input", {
      type: "range", min: 0, max: 0, step: 1, attributes: { "aria-label": "Update shown by the cursors" },
      oninput: () => { this.pause(); this.goTo(Number(this.slider.value)); },
    });
    this.label = element("output", { className: "canvas-update" });
    const speed = element("select", {
      title: "Speed", attributes: { "aria-label": "Speed" },
      onchange: (event) => { this.view.speed = Number(event.target.value); },
    }, ...SPEEDS.map((value) => element("option", { value, textContent: `${value}×`, selected: value === this.view.speed })));
    const loop = button("↻", "Repeat", () => {
      this.view.looping = !this.view.looping;
      loop.setAttribute("aria-pressed", String(this.view.looping));
    });
    loop.setAttribute("aria-pressed", String(this.view.looping));
    this.readout = element("div", { className: "canvas-read", attributes: { "aria-live": "off" } });
    return element("div", {},
      element("div", { className: "canvas-time", attributes: { role: "group", "aria-label": "Time" } },
        this.playButton,
        button("◀", "One update back (left arrow)", () => this.step(-1)),
        button("▶|", "One update forward (right arrow)", () => this.step(1)),
        this.slider, this.label, speed, loop),
      this.readout);
  }

  key(event) {
    const busy = event.target.closest?.("input, textarea, select, button, summary, a, [contenteditable], [role=slider], [role=combobox]");
    if (!this.view.steps || document.querySelector(".canvas:has(> :not([hidden]) > .canvas-time)") !== this.root) return;
    if (event.ctrlKey || event.metaKey || event.altKey || (busy && !this.root.contains(busy)) || busy === this.slider) return;
    if (event.key === " " && (!busy || busy.tagName !== "BUTTON")) this.playOrPause();
    else if (event.key === "ArrowLeft") this.step(-1);
    else if (event.key === "ArrowRight") this.step(1);
    else return;
    event.preventDefault();
  }

  step(by) {
    this.pause();
    this.goTo(this.view.now + by);
  }

  goTo(update) {
    this.view.now = Math.max(0, Math.min(this.view.steps, Math.round(update)));
    this.show();
  }

  playOrPause() {
    if (this.playing) return this.pause();
    const begun = performance.now();
    const from = this.view.now >= this.view.steps ? 0 : this.view.now;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const frame = (time) => {
      const { steps, speed, looping } = this.view;
      const perSecond = (Math.max(steps, 1) / SECONDS_FOR_A_RUN) * speed;
      let update = from + ((time - begun) / 1000) * perSecond;
      // Without motion, the cursors stand still for a second at a time.
      if (calm) update = from + Math.floor((time - begun) / 1000) * perSecond;
      if (looping) update %= steps + 1;
      this.goTo(Math.floor(update));
      if (!looping && update >= steps) return this.pause();
      this.playing = requestAnimationFrame(frame);
    };
    this.playing = requestAnimationFrame(frame);
    this.playButton.textContent = "❚❚";
    this.playButton.setAttribute("aria-label", "Pause (space)");
  }

  pause() {
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    this.playButton.textContent = "▶";
    this.playButton.setAttribute("aria-label", "Play (space)");
  }

  show() {
    this.slider.value = this.view.now;
    this.label.textContent = `${this.unit} ${this.view.now} of ${this.view.steps}`;
    for (const cell of this.cells.values()) this.place(cell);
    this.read();
  }

  read() {
    const runs = new Map();
    for (const { figure } of this.cells.values()) {
      for (const trace of figure?.data ?? []) {
        if (!trace.meta?.cursor) continue;
        const row = this.row(trace);
        // Every run keeps its place, also where the first picture has no point of it.
        if (row || !runs.has(trace.meta.run)) runs.set(trace.meta.run, runs.get(trace.meta.run) ?? (row && [trace, row]));
      }
    }
    const lines = [...runs.values()].filter(Boolean).map(([trace, row]) => {
      const line = element("span", { textContent: `${trace.name}${inWords(trace, row.place, this.unit)}` });
      line.style.setProperty("--run", trace.marker?.color ?? "currentColor");
      return line;
    });
    this.readout.replaceChildren(...lines);
  }

  // The place of the current update among the points of a trace, which has some updates left out where it is clipped.
  // Of a thinned trace, which has most of them left out, the last one that it has.
  row(trace) {
    const rows = trace.customdata;
    if (!rows?.length) return null;
    let place = Math.min(this.view.now, rows.length - 1);
    while (place > 0 && rows[place][0] > this.view.now) place -= 1;
    while (place < rows.length - 1 && rows[place][0] < this.view.now) place += 1;
    if (trace.meta.thinned && rows[place][0] > this.view.now && place > 0) place -= 1;
    return trace.meta.thinned || rows[place][0] === this.view.now ? { place } : null;
  }

  // ---- cursors, drawn over the pictures so that moving them redraws nothing ----------------------------------------

  place(cell) {
    if (!cell.drawn) return;
    const used = new Set();
    for (const trace of cell.figure.data) {
      if (!trace.meta?.cursor || this.view.hidden.has(trace.meta.run)) continue;
      const row = this.row(trace);
      const at = row && this.position(cell, trace, row.place);
      if (!at) continue;
      used.add(trace.meta.run);
      const mark = this.mark(cell, trace.meta.run);
      mark.setAttribute("transform", `translate(${at[0]} ${at[1]})`);
      mark.lastChild.setAttribute("fill", trace.marker?.color ?? "#fff");
    }
    for (const [run, mark] of cell.marks) mark.style.display = used.has(run) ? "" : "none";
    this.placeMoving(cell);
    this.placeLinked(cell);
  }

  // The camera of a scene moves on for a few frames after the event that says so.
  follow(cell) {
    let [before, still] = ["", 0];
    const frame = () => {
      const now = String(cell.plot._fullLayout.scene?._scene.glplot.cameraParams.view);
      this.place(cell);
      still = now === before ? still + 1 : 0;
      before = now;
      if (still < 4) cell.following = requestAnimationFrame(frame);
    };
    cancelAnimationFrame(cell.following);
    frame();
  }

  mark(cell, run) {
    if (!cell.marks.has(run)) {
      const mark = drawing("g", { "data-run": run });
      mark.append(drawing("circle", { r: 9, fill: "#0b1020" }), drawing("circle", { r: 7, stroke: "#fff", "stroke-width": 2.5 }));
      cell.marks.set(run, mark);
      cell.overlay.append(mark);
    }
    return cell.marks.get(run);
  }

  position(cell, trace, place) {
    const layout = cell.plot._fullLayout;
    const x = trace.x[place];
    const y = trace.y[place];
    if (trace.type === "scatter3d") return inSpace(layout.scene?._scene, [x, y, trace.z[place]]);
    const { xaxis, yaxis } = layout;
    const at = [xaxis._offset + xaxis.d2p(x), yaxis._offset + yaxis.d2p(y)];
    const inside = at[0] >= xaxis._offset - 1 && at[0] <= xaxis._offset + xaxis._length + 1
      && at[1] >= yaxis._offset - 1 && at[1] <= yaxis._offset + yaxis._length + 1;
    return inside && at.every(Number.isFinite) ? at : null;
  }

  // ---- curves and points that move with time: rows of customdata are an update, all x, all y -----------------------

  placeMoving(cell) {
    cell.moving?.remove();
    cell.moving = null;
    const traces = cell.figure.data.filter((trace) => trace.meta?.moves && !this.view.hidden.has(trace.meta.run));
    if (!traces.length) return;
    const { xaxis, yaxis } = cell.plot._fullLayout;
    // A drawing within the drawing cuts what leaves the axes.
    cell.moving = drawing("svg", { x: xaxis._offset, y: yaxis._offset, width: xaxis._length, height: yaxis._length });
    for (const trace of traces) {
      const row = this.row(trace);
      if (!row) continue;
      const numbers = trace.customdata[row.place];
      const points = Array.from({ length: trace.meta.moves }, (_, place) => [
        xaxis.d2p(numbers[1 + place]), yaxis.d2p(numbers[1 + trace.meta.moves + place]),
      ]).filter((point) => point.every(Number.isFinite));
      const color = trace.meta.color;
      if (trace.mode === "lines") {
        const line = { points: cut(points).join(" "), fill: "none", "stroke-linejoin": "round" };
        cell.moving.append(
          drawing("polyline", { ...line, stroke: trace.meta.rim, "stroke-width": 6 }),
          drawing("polyline", { ...line, stroke: color, "stroke-width": 3.5 }));
        if (trace.meta.arrow) cell.moving.append(tip(points, color, trace.meta.rim));
      } else {
        for (const [cx, cy] of points) cell.moving.append(drawing("circle", { cx, cy, r: 4.5, fill: color, stroke: trace.meta.rim }));
      }
    }
    cell.overlay.prepend(cell.moving);
  }

  // ---- one thing in several pictures: what shares meta.link and has the same id lights up together ------------------

  link(point) {
    const { meta, ids } = point?.data ?? {};
    this.linked = meta?.link ? { link: meta.link, id: ids[point.pointNumber] } : null;
    for (const cell of this.cells.values()) this.placeLinked(cell);
  }

  placeLinked(cell) {
    cell.links?.forEach((mark) => mark.remove());
    cell.links = [];
    if (!this.linked || !cell.drawn) return;
    for (const trace of cell.figure.data) {
      const place = trace.meta?.link === this.linked.link ? trace.ids.indexOf(this.linked.id) : -1;
      const at = place >= 0 && this.position(cell, trace, place);
      if (!at) continue;
      if (trace.meta.tail) {
        const { xaxis, yaxis } = cell.plot._fullLayout;
        const [x1, y1] = [xaxis._offset + xaxis.d2p(trace.meta.tail[0]), yaxis._offset + yaxis.d2p(trace.meta.tail[1])];
        cell.links.push(drawing("line", { x1, y1, x2: at[0], y2: at[1], stroke: trace.meta.light, "stroke-width": 4 }));
      }
      cell.links.push(drawing("circle", {
        class: "canvas-linked", cx: at[0], cy: at[1], r: 11, fill: "none", stroke: trace.meta.light, "stroke-width": 4,
      }));
    }
    cell.overlay.append(...cell.links);
  }

  // ---- choosing a point ------------------------------------------------------------------------------------------

  listenForPicks(cell) {
    const where = (event) => {
      const area = cell.plot.querySelector(".nsewdrag")?.getBoundingClientRect();
      if (!area || !this.component.data.pick.includes(cell.name)) return null;
      const at = [event.clientX - area.left, event.clientY - area.top];
      return at[0] >= 0 && at[1] >= 0 && at[0] <= area.width && at[1] <= area.height ? at : null;
    };
    const start = () => cell.figure?.data.find((trace) => trace.meta?.start);
    const nearStart = (at) => {
      const trace = start();
      if (!trace) return false;
      const { xaxis, yaxis } = cell.plot._fullLayout;
      return Math.hypot(xaxis.d2p(trace.x[0]) - at[0], yaxis.d2p(trace.y[0]) - at[1]) <= GRAB;
    };
    let down = null;
    const stop = (event) => {
      const at = where(event.touches?.[0] ?? event);
      if (at && nearStart(at) && event.target.closest(".nsewdrag, .plot, .overplot, .draglayer, svg")) {
        if (event.cancelable) event.preventDefault();
        event.stopPropagation();
      }
    };
    cell.box.addEventListener("mousedown", stop, { capture: true });
    cell.box.addEventListener("touchstart", stop, { capture: true, passive: false });
    cell.box.addEventListener("pointermove", (event) => {
      const at = down ? null : where(event);
      cell.box.classList.toggle("canvas-grab", Boolean(at && nearStart(at)));
    }, true);
    const move = (event) => {
      const at = where(event);
      if (at && Math.hypot(at[0] - down.at[0], at[1] - down.at[1]) > CLICK) down.moved = true;
      if (down.dragging && at) this.ghost(cell, at);
    };
    const end = (event) => {
      const at = event.type === "pointerup" ? where(event) : null;
      if (at && (down.dragging || !down.moved)) this.pick(cell, at);
      down = null;
      this.ghost(cell, null);
      // Plotly covers the page while a button is down, so the end arrives at the window, not at the picture.
      for (const [kind, listener] of heard) window.removeEventListener(kind, listener, true);
    };
    const heard = [["pointermove", move], ["pointerup", end], ["pointercancel", end]];
    cell.box.addEventListener("pointerdown", (event) => {
      const at = event.button === 0 && !event.target.closest(".modebar") ? where(event) : null;
      if (!at || down) return;
      down = { at, dragging: nearStart(at), moved: false };
      for (const [kind, listener] of heard) window.addEventListener(kind, listener, true);
    }, true);
  }

  ghost(cell, at) {
    cell.shadow?.remove();
    cell.shadow = null;
    if (!at) return;
    const { xaxis, yaxis } = cell.plot._fullLayout;
    const place = { cx: xaxis._offset + at[0], cy: yaxis._offset + at[1] };
    cell.shadow = drawing("circle", { r: 8, fill: "#fff", stroke: "#0b1020", "stroke-width": 3, ...place });
    cell.overlay.append(cell.shadow);
  }

  pick(cell, at) {
    const { xaxis, yaxis } = cell.plot._fullLayout;
    const point = { figure: cell.name, x: meant(xaxis, at[0]), y: meant(yaxis, at[1]) };
    clearTimeout(cell.picking);
    // On a zoomed picture a click may be the first half of a double click, which shows the whole picture again.
    cell.picking = setTimeout(() => this.component.setTriggerValue("picked", point), this.view.zooms.has(cell.name) ? DOUBLE_CLICK : 0);
  }
}

// What a pixel of an axis means: with as many decimals as tell it from its neighbour, and no more.
export function meant(axis, pixel) {
  const value = axis.p2d(pixel);
  const decimals = Math.ceil(-Math.log10(Math.abs(axis.p2d(pixel + 1) - value)));
  if (!Number.isFinite(decimals)) return value;
  return decimals < 0 ? Math.round(value / 10 ** -decimals) * 10 ** -decimals : Number(value.toFixed(Math.min(decimals, 100)));
}

// The tip of an arrow at the last point.
function tip(points, fill, stroke) {
  const [[x0, y0], [x, y]] = points.length > 1 ? points.slice(-2) : [[0, 0], [0, 0]];
  const length = Math.hypot(x - x0, y - y0) || 1;
  const [u, v] = [(x - x0) / length, (y - y0) / length];
  const corners = [[x + 4 * u, y + 4 * v], [x - 12 * u - 7 * v, y - 12 * v + 7 * u], [x - 12 * u + 7 * v, y - 12 * v - 7 * u]];
  return drawing("polygon", { points: length > 2 ? corners.join(" ") : "", fill, stroke });
}

// From where a narrow picture still holds its axis titles: their letters do not shrink with it.
function steppedBack({ eye, center }, width) {
  const back = Math.min(Math.max(1, ROOM_FOR_TITLES / width), FURTHEST_BACK);
  return Object.fromEntries(["x", "y", "z"].map((axis) => [axis, center[axis] + (eye[axis] - center[axis]) * back]));
}

// The corners of a line in pixels, none further away than FAR: a browser draws nothing of numbers that are too large.
export function cut(points) {
  const beyond = (number) => Math.abs(number) > FAR;
  return points.flatMap((point, place) => {
    if (!point.some(beyond)) return [point];
    return [points[place - 1], points[place + 1]].filter(Boolean).flatMap((other) => {
      const edge = point.map((number) => (beyond(number) ? Math.sign(number) * FAR : number));
      const shares = point.map((number, axis) => (beyond(number) ? (edge[axis] - number) / (other[axis] - number) : null));
      const [share, least] = [Math.max, Math.min].map((choose) => choose(...shares.filter((part) => part !== null)));
      if (!(least >= 0 && share <= 1)) return [];
      return [point.map((number, axis) => (shares[axis] === share ? edge[axis] : number + share * (other[axis] - number)))];
    });
  });
}

// The numbers of a point; after the first one that is none, what became of the run.
export function inWords({ customdata, meta }, place, unit) {
  const usual = (row) => row.every(Number.isFinite);
  const [now, theta1, theta2, loss, slope] = customdata[place];
  if (usual(customdata[place])) {
    const when = meta.thinned ? `, ${unit} ${now}` : "";
    return `${when}: θ = (${digits(theta1)}, ${digits(theta2)}), L = ${digits(loss)}, |∇L| = ${digits(slope)}`;
  }
  const [update, ...numbers] = customdata.find((row) => !usual(row));
  const when = `${meta.thinned ? "by" : "at"} ${unit} ${update}`;
  const there = `θ = (${digits(numbers[0])}, ${digits(numbers[1])})`;
  if (!numbers.slice(0, 2).every(Number.isFinite)) return `: diverged ${when}; its numbers are too large for a computer`;
  const what = Number.isFinite(numbers[2]) ? "slope" : "loss";
  const has = Number.isNaN(Number.isFinite(numbers[2]) ? numbers[3] : numbers[2]) ? "has no value" : "is too large for a computer";
  return update === 0 ? `: the ${what} ${has} at the start ${there}` : `: diverged ${when}; the ${what} ${has} at ${there}`;
}

function digits(value) {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return String(value);
  const text = Number(value.toPrecision(4));
  return (Math.abs(text) >= 1e-3 && Math.abs(text) < 1e5 ? String(text) : value.toExponential(2).replace("e+", "e")).replaceAll("-", "−");
}

// Where a point of a 3D scene is on the screen, by the scene's own camera.
function inSpace(scene, point) {
  const camera = scene?.glplot?.cameraParams;
  if (!camera || !scene.dataScale) return null;
  const times = (m, v) => [0, 1, 2, 3].map((row) => m[row] * v[0] + m[4 + row] * v[1] + m[8 + row] * v[2] + m[12 + row] * v[3]);
  const scaled = [...point.map((value, axis) => value * scene.dataScale[axis]), 1];
  const seen = times(camera.projection, times(camera.view, times(camera.model, scaled)));
  const { width, height } = scene.container.getBoundingClientRect();
  const domain = scene.fullSceneLayout.domain;
  const size = scene.fullLayout._size;
  const at = [
    size.l + domain.x[0] * size.w + (0.5 + (0.5 * seen[0]) / seen[3]) * width,
    size.t + (1 - domain.y[1]) * size.h + (0.5 - (0.5 * seen[1]) / seen[3]) * height,
  ];
  return at.every(Number.isFinite) ? at : null;
}
