// The one file that knows Plotly's insides: a picture with its axes, its camera and what is drawn in it.
// Pixels are those of the picture's own element, from its upper left corner.

import { hasWebGL } from "./dom.js";
import { meant, projector } from "./geometry.js";

const FLAT_AXES = ["xaxis", "yaxis"];
const DRAG_AREA = ".nsewdrag";
const SURROUNDINGS = `${DRAG_AREA}, .plot, .overplot, .draglayer, svg`;
const BUTTONS = ".modebar";
const BELOW_AXIS = 48; // pixels, for the words of an axis
const NOTES = ".annotation", LABELS = ".hoverlayer";

export const isSpace = (layout) => "scene" in layout;

let webgl = null; // asked once: every answer costs a context
export const canDraw = (layout) => !isSpace(layout) || (webgl ??= hasWebGL());

export class Plot {
  #Plotly = null;
  #isDrawn = false;
  #isReleased = false;
  #isHidden = () => false; // which traces are not to be seen
  #without = {};
  #measured = null; // the size of a scene, and of which layout

  constructor(element) {
    this.element = element;
  }

  // ---- drawing ----------------------------------------------------------------------------------------------------

  get isDrawn() {
    return this.#isDrawn;
  }

  async react(Plotly, data, layout, config) {
    this.#Plotly = Plotly;
    this.#forgetRanges();
    const drawn = Plotly.react(this.element, data, layout, config);
    this.#hideNow();
    await drawn;
    await this.#fitBar();
    this.#takeOutOfTabs();
    // It may have left the page meanwhile.
    if (this.#isReleased) this.release();
    else this.#isDrawn = true;
  }

  // Axes with the same scale are stretched from the ranges of the first picture, whatever is drawn later.
  #forgetRanges() {
    for (const axis of FLAT_AXES) delete this.#layout?.[axis]?._inputRange;
  }

  on(event, listener) {
    this.element.on(`plotly_${event}`, listener);
  }

  // camera: from where a scene is seen; null for a flat picture.
  async setSize({ width, height }, camera) {
    if (!(width > 0 && height > 0)) return;
    if (width === this.#layout?.width && height === this.#layout?.height) return;
    await this.#relayout({ width, height, ...(camera && { "scene.camera": camera }) });
  }

  // ranges: by axis; null for one that takes what its data need.
  async setRanges(ranges) {
    const changes = Object.entries(ranges).map(([axis, range]) =>
      range ? [`${axis}.range`, [...range]] : [`${axis}.autorange`, true]);
    await this.#relayout(Object.fromEntries(changes));
  }

  async #relayout(changes) {
    const drawn = this.#Plotly.relayout(this.element, changes);
    this.#hideNow();
    await drawn;
    await this.#fitBar();
    this.#takeOutOfTabs();
  }

  // A map whose axes have the same scale does not fill its room, which Plotly makes its colour bar as long as.
  // Its letters have another width then, and the map another size: it is asked once more.
  async #fitBar(isAgain = false) {
    const place = this.traces.findIndex(({ colorbar, showscale }) => colorbar && showscale);
    if (this.#isReleased || this.#scene || place < 0) return;
    const bar = this.traces[place].colorbar, { len, y } = this.#besideMap(bar);
    if (bar.lenmode === "pixels" && Math.abs(bar.len - len) < 1 && Math.abs(bar.y - y) < 0.002) return;
    const changes = { "colorbar.lenmode": "pixels", "colorbar.len": len, "colorbar.y": y };
    await this.#Plotly.restyle(this.element, changes, [place]);
    if (!isAgain) await this.#fitBar(true);
  }

  // How long a colour bar is beside a map or below it, and where it stands.
  #besideMap({ orientation, y }) {
    const map = this.inside;
    if (orientation === "v") return { len: map.height, y };
    return { len: map.width, y: 1 - (map.y + map.height + BELOW_AXIS) / this.#layout.height };
  }

  // A browser allows few contexts at a time, and forgets one only when it tidies up.
  release() {
    const gl = this.#scene?.glplot?.gl;
    this.#Plotly?.purge(this.element);
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
    this.#isReleased = true;
    this.#isDrawn = false;
  }

  // ---- a flat picture ---------------------------------------------------------------------------------------------

  get ranges() {
    return Object.fromEntries(FLAT_AXES.map((axis) => [axis, [...this.#layout[axis].range]]));
  }

  // The rectangle between the axes.
  get inside() {
    const { xaxis, yaxis } = this.#layout;
    return { x: xaxis._offset, y: yaxis._offset, width: xaxis._length, height: yaxis._length };
  }

  // Where a point is, also outside of the axes; not finite where it is nowhere.
  toPixel(x, y) {
    const { xaxis, yaxis } = this.#layout;
    return [xaxis._offset + xaxis.d2p(x), yaxis._offset + yaxis.d2p(y)];
  }

  // The point at a pixel, with as many digits as a pixel means.
  toPoint([x, y]) {
    const { xaxis, yaxis } = this.#layout;
    return [[xaxis, x], [yaxis, y]].map(([axis, at]) => meant((pixel) => axis.p2d(pixel), at - axis._offset));
  }

  holds([x, y], margin = 1) {
    const { inside } = this;
    return x >= inside.x - margin && x <= inside.x + inside.width + margin
      && y >= inside.y - margin && y <= inside.y + inside.height + margin;
  }

  // The pixel of the pointer, of whose events nothing but the place on the screen counts; null outside of the axes.
  pixelOf({ clientX, clientY }) {
    const area = this.element.querySelector(DRAG_AREA)?.getBoundingClientRect();
    if (!area) return null;
    const at = [clientX - area.left, clientY - area.top];
    if (!(at[0] >= 0 && at[1] >= 0 && at[0] <= area.width && at[1] <= area.height)) return null;
    return [this.inside.x + at[0], this.inside.y + at[1]];
  }

  // Whether Plotly would begin a drag of its own there.
  static drags(target) {
    return Boolean(target.closest(SURROUNDINGS));
  }

  static isButton(target) {
    return Boolean(target.closest(BUTTONS));
  }

  // ---- a scene ----------------------------------------------------------------------------------------------------

  get camera() {
    return this.#scene.getCamera();
  }

  // Changes whenever the camera of a scene has moved; always the same for a flat picture.
  get side() {
    return String(this.#scene?.glplot.cameraParams.view);
  }

  // Changes whenever the same point is at another pixel.
  get stance() {
    const { width, height, xaxis, yaxis } = this.#layout;
    const axes = [xaxis, yaxis].map((axis) => axis && [axis.range, axis.type, axis._offset, axis._length]);
    return `${width} ${height} ${axes} ${this.side}`;
  }

  // Where points of a scene are by its own camera, as a function (x, y, z) for many of them; it gives null for what is
  // nowhere. Null where there is no scene.
  get projection() {
    const scene = this.#scene;
    if (!scene?.glplot?.cameraParams || !scene.dataScale) return null;
    const project = projector(scene.glplot.cameraParams, scene.dataScale);
    const { x: left, y: top, width, height } = this.#insideSpace(scene);
    return (x, y, z) => {
      const [right, up] = project(x, y, z);
      const at = [left + (0.5 + 0.5 * right) * width, top + (0.5 - 0.5 * up) * height];
      return Number.isFinite(at[0]) && Number.isFinite(at[1]) ? at : null;
    };
  }

  toPixelInSpace(x, y, z) {
    return this.projection?.(x, y, z) ?? null;
  }

  // The rectangle in which a picture draws what it shows.
  get room() {
    return this.#scene ? this.#insideSpace(this.#scene) : this.inside;
  }

  // ---- traces that something else is drawn in place of ------------------------------------------------------------

  // Hides the traces of which isHidden(trace) is true, at once and whatever is drawn next. without: {notes, pointer},
  // true where what is written in a flat picture is hidden, too, and where Plotly does not follow the pointer.
  hide(isHidden, without = {}) {
    this.#isHidden = isHidden;
    this.#without = without;
    if (this.#hideNow()) this.#scene.glplot.update();
  }

  // The traces with their defaults, in the order in which they are drawn.
  get traces() {
    return this.element._fullData ?? [];
  }

  // ---- Plotly's insides -------------------------------------------------------------------------------------------

  get #layout() {
    return this.element._fullLayout;
  }

  get #scene() {
    return this.#layout?.scene?._scene;
  }

  // The rectangle of a scene: the drawing's own size, which may be a fraction of a pixel off.
  #insideSpace(scene) {
    // Asked once for every layout, since the answer makes the browser lay out the page.
    if (this.#measured?.layout !== scene.fullLayout) {
      const { width, height } = scene.container.getBoundingClientRect();
      this.#measured = { layout: scene.fullLayout, width, height };
    }
    const { width, height } = this.#measured;
    const { domain } = scene.fullSceneLayout;
    const size = scene.fullLayout._size;
    return { x: size.l + domain.x[0] * size.w, y: size.t + (1 - domain.y[1]) * size.h, width, height };
  }

  // An image holds nothing that takes the focus: its buttons are for the pointer.
  #takeOutOfTabs() {
    for (const button of this.element.querySelectorAll(`${BUTTONS} button`)) button.tabIndex = -1;
  }

  // Returns whether a scene has to be drawn again.
  #hideNow() {
    for (const trace of this.traces) {
      const group = this.element.querySelector(`g.trace.trace${trace.uid}`);
      if (group) group.style.visibility = this.#isHidden(trace) ? "hidden" : "";
    }
    const { notes, pointer } = this.#without;
    for (const note of this.element.querySelectorAll(NOTES)) note.style.visibility = notes ? "hidden" : "";
    for (const label of this.element.querySelectorAll(LABELS)) label.style.visibility = pointer ? "hidden" : "";
    for (const area of this.element.querySelectorAll(DRAG_AREA)) area.style.pointerEvents = pointer ? "none" : "";
    const glplot = this.#scene?.glplot;
    if (!glplot) return false;
    setPicking(glplot, !pointer);
    return glplot.objects.filter((object) => setDrawing(object, !this.#isHidden(object._trace.data))).length > 0;
  }
}

const never = () => false;

// Plotly counts on its objects being in the scene whenever it draws; what is not drawn can still be pointed at. Returns
// whether that is new.
function setDrawing(object, isOn) {
  if (Object.hasOwn(object, "isOpaque") !== isOn) return false;
  for (const name of ["isOpaque", "isTransparent"]) {
    if (isOn) delete object[name];
    else object[name] = never;
  }
  return true;
}

// Without picking, a redraw of a scene does not wait until every pixel of it is drawn a second time and read back.
function setPicking(glplot, isOn) {
  if (isOn) delete glplot.gl.readPixels;
  else glplot.gl.readPixels = () => {};
  for (const object of glplot.objects) {
    if (isOn) delete object.drawPick;
    else object.drawPick = undefined;
  }
}
