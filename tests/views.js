// What a window shows of a page, measured by the boxes of its elements. Every complaint is a sentence that says what
// and where; lengths are pixels. Runs in the page as a script of its own: `globalThis.views` has its functions.
{
  const TOLERANCE = 1.5;
  const STEP = 6; // between the points at which it is asked what lies on top
  const STILL = { frames: 4, milliseconds: 150 };
  const PATIENCE = 40000;
  // Of a picture, so much has to be seen beside its slider and its verdict.
  const SEEN = { share: 0.6, width: 200, height: 120 };
  const FIRST_SIGHT = 60; // the height of a picture that is seen without scrolling
  const LOW = 540; // windows lower than this have the strip beside the pictures, which may begin further down
  const CONTROLS = "button, input, select, summary, a, [role=radio], [role=tab], [data-testid=stMultiSelect]";
  // Streamlit lays some of its own over each other: a slider's hidden input, arrows over tabs, what a list shows.
  const INNER = "[data-testid=stSlider] input, [class*=stTabsScroll], [data-testid=stMultiSelect] *, "
    + "[data-testid=stSelectbox] button";

  // ---- the page ---------------------------------------------------------------------------------------------------

  const main = () => document.querySelector("[data-testid=stMain]");
  const all = (selector, within = main()) => [...within.querySelectorAll(selector)].filter(isVisible);
  const pictures = () => all("[data-figure]");
  const canvases = () => all(".canvas").filter((canvas) => all("[data-figure]", canvas).length);

  function isVisible(element) {
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  }

  // An element in a few words.
  function named(element) {
    const words = element.getAttribute("aria-label") || element.textContent.trim() || element.placeholder || "";
    const kind = element.dataset?.figure ? `picture ${element.dataset.figure}` : classed(element);
    return words && !element.dataset?.figure ? `${kind} “${words.slice(0, 40)}”` : kind;
  }

  function classed(element) {
    const own = element.getAttribute("data-testid") || element.getAttribute("class")?.split(" ")[0];
    return own ? `${element.localName}.${own}` : element.localName;
  }

  const located = (element) => `${named(element)} ${rounded(element.getBoundingClientRect())}`;
  const rounded = (box) => `${[box.left, box.top, box.right, box.bottom].map(Math.round).join(" ")}`;

  // ---- waiting ----------------------------------------------------------------------------------------------------

  // The page has run, all its elements are there, and all its pictures are drawn. A canvas that is hidden by its own
  // style only brings what another one draws.
  function isReady() {
    const state = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState;
    const elements = [...document.querySelectorAll("[data-testid=stMain] [data-testid=stElementContainer]")];
    const isMade = elements.length && !elements.some((box) => box.querySelector("[data-testid=stSkeleton]"));
    if (state !== "notRunning" || !isMade) return false;
    const made = [...main().querySelectorAll(".canvas")];
    return made.every(({ style, dataset }) => style.display === "none" || dataset.drawn);
  }

  // What shows that something still moves, or is still made.
  function boxes() {
    const moving = [...main().querySelectorAll("h1, h2, h3, .canvas, .canvas *, [data-testid=stElementContainer]")];
    return moving.map((element) => {
      const { width, height } = element._fullLayout ?? {};
      return [element, `${rounded(element.getBoundingClientRect())} ${width} ${height}`];
    });
  }

  // Resolves when nothing has moved for a while, and rejects where something goes on moving.
  function settled() {
    const began = performance.now();
    return new Promise((resolve, reject) => {
      let [before, frames, since] = [new Map(), 0, began];
      const look = (now) => {
        const present = boxes();
        const moved = present.find(([element, box]) => before.get(element) !== box);
        if (moved || present.length !== before.size) [before, frames, since] = [new Map(present), 0, now];
        frames += 1;
        if (frames > STILL.frames && now - since > STILL.milliseconds) resolve();
        else if (now - began < PATIENCE) requestAnimationFrame(look);
        else reject(new Error(`The page does not come to rest. What moved last: ${moved && named(moved[0])}`));
      };
      requestAnimationFrame(look);
    });
  }

  // ---- what can be seen -------------------------------------------------------------------------------------------

  const isOnTop = (owner, x, y) => owner.contains(document.elementFromPoint(x, y));

  // The part of a box that the window holds; null where there is none.
  function inWindow({ left, top, right, bottom }) {
    const part = { left: Math.max(left, 0), top: Math.max(top, 0),
      right: Math.min(right, innerWidth), bottom: Math.min(bottom, innerHeight) };
    return part.right > part.left && part.bottom > part.top ? part : null;
  }

  function stretch(from, to, isSeen) {
    const seen = [];
    for (let at = from + 1; at < to; at += STEP) if (isSeen(at)) seen.push(at);
    return seen.length ? [seen[0] - 1, Math.min(seen.at(-1) + STEP, to)] : null;
  }

  // How much of an element is seen, with nothing of another one over it: its width, height and share.
  function seenOf(element, owner = element) {
    const nothing = { width: 0, height: 0, share: 0 };
    const whole = element.getBoundingClientRect();
    const part = inWindow(whole);
    if (!part) return nothing;
    const middle = (part.left + part.right) / 2;
    const rows = stretch(part.top, part.bottom, (y) => isOnTop(owner, middle, y));
    if (!rows) return nothing;
    const columns = stretch(part.left, part.right, (x) => isOnTop(owner, x, (rows[0] + rows[1]) / 2));
    if (!columns) return nothing;
    const [width, height] = [columns[1] - columns[0], rows[1] - rows[0]];
    return { width, height, share: width * height / (whole.width * whole.height) };
  }

  // Whether all of an element is seen.
  function isWhole(element, owner = element) {
    const box = element.getBoundingClientRect();
    if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1) return false;
    const inset = Math.min(3, box.height / 4);
    const xs = [box.left + inset, (box.left + box.right) / 2, box.right - inset];
    const ys = [box.top + inset, (box.top + box.bottom) / 2, box.bottom - inset];
    return xs.every((x) => isOnTop(owner, x, ys[1])) && ys.every((y) => isOnTop(owner, xs[1], y));
  }

  // The sliders that have to be at hand: those beside the pictures, else that of the time, else none.
  function slidersOf(canvas) {
    const sliders = all("input[type=range]", canvas).filter((slider) => !slider.closest(".canvas-more"));
    const live = sliders.filter((slider) => !slider.closest(".canvas-time"));
    return live.length ? live : sliders;
  }

  const seenPicture = (picture) => seenOf(picture, picture.closest(".canvas-cell"));
  const sized = ({ width, height, share }) =>
    `${Math.round(width)} x ${Math.round(height)}, ${Math.round(100 * share)} %`;

  // What is missing in the window as it is scrolled now.
  function missing(canvas) {
    const sliders = slidersOf(canvas);
    const [verdict] = all(".canvas-verdict", canvas);
    const seen = all("[data-figure]", canvas).map(seenPicture).sort((a, b) => b.share - a.share);
    const enough = seen.some(({ share, width, height }) =>
      share >= SEEN.share && width >= SEEN.width && height >= SEEN.height);
    return [
      sliders.length && !sliders.some((slider) => isWhole(slider)) && `no slider of ${sliders.length}`,
      !enough && `no picture (the best: ${sized(seen[0])})`,
      !verdict?.textContent.trim() ? "there is no verdict" : !isWhole(verdict) && "not the whole verdict",
    ].filter(Boolean);
  }

  // Where the page may be scrolled to for working with a canvas: its top or its foot, or the top of a picture.
  function positions(canvas) {
    const scroller = main();
    const head = document.querySelector("[data-testid=stHeader]")?.getBoundingClientRect().bottom ?? 0;
    const tops = [canvas, ...all("[data-figure]", canvas)]
      .map((element) => scroller.scrollTop + element.getBoundingClientRect().top - head);
    return [0, ...tops, scroller.scrollTop + canvas.getBoundingClientRect().bottom - innerHeight];
  }

  // Slider, picture and verdict are seen together somewhere.
  function together() {
    const [canvas] = canvases();
    if (!canvas) return [];
    const tried = positions(canvas).map((top) => {
      main().scrollTop = top;
      return missing(canvas);
    });
    main().scrollTop = 0;
    const [best] = tried.sort((a, b) => a.length - b.length);
    return best.length ? [`together with the rest, the window never shows: ${best.join("; ")}`] : [];
  }

  // Without scrolling, the upper part of a picture is seen, and in all but low windows the strip.
  function atFirstSight() {
    const [canvas] = canvases();
    if (!canvas) return [];
    main().scrollTop = 0;
    const seen = all("[data-figure]", canvas).map((picture) => [picture.getBoundingClientRect(), seenPicture(picture)])
      .filter(([box]) => box.top >= 0 && box.top < innerHeight);
    const highest = Math.max(0, ...seen.map(([, { height }]) => height));
    const [strip] = all(".canvas-strip", canvas);
    return [
      highest < FIRST_SIGHT && `without scrolling, ${Math.round(highest)} px of a picture are seen`,
      innerHeight >= LOW && !isWhole(strip) && `without scrolling, the strip is not seen: ${located(strip)}`,
    ].filter(Boolean);
  }

  // ---- nothing sticks out -----------------------------------------------------------------------------------------

  // Whether an element lies in a box that ends in the window and scrolls or cuts what is wider.
  function isHeld(element) {
    for (let parent = element.parentElement; parent && parent !== main(); parent = parent.parentElement) {
      const isOpen = getComputedStyle(parent).overflowX === "visible";
      if (!isOpen && parent.getBoundingClientRect().right <= innerWidth + 1) return true;
    }
    return false;
  }

  function stickingOut() {
    const scrollers = [document.scrollingElement, main()].filter((box) => box.scrollWidth > box.clientWidth);
    const out = all("*").filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
    const outermost = out.filter((element) => !out.includes(element.parentElement) && !isHeld(element));
    return [
      ...scrollers.map((box) => `${classed(box)} scrolls sideways by ${box.scrollWidth - box.clientWidth} px`),
      ...outermost.map((element) => `sticks out of the window: ${located(element)}`),
    ];
  }

  // ---- nothing is cut ---------------------------------------------------------------------------------------------

  const ownTexts = (element) => [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());

  function boxOfText(element) {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect();
  }

  // The nearest box that cuts off what is larger than itself, unless one scrolls before.
  function cutterOf(element) {
    for (let box = element; box && box !== main(); box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      if ([overflowX, overflowY].some((value) => value === "auto" || value === "scroll")) return null;
      if ([overflowX, overflowY].some((value) => value === "hidden" || value === "clip")) return box;
    }
    return null;
  }

  // Words that end at the edge of a box, and inputs that are too narrow for what is written in them.
  function cutTexts() {
    const written = all("*").filter((element) =>
      ownTexts(element).length && !element.closest("[data-figure], .katex-mathml"));
    const cut = written.filter((element) => {
      const box = cutterOf(element)?.getBoundingClientRect();
      const text = boxOfText(element);
      return box && box.width > 2 && box.height > 2
        && (text.left < box.left - TOLERANCE || text.right > box.right + TOLERANCE
          || text.top < box.top - 2 * TOLERANCE || text.bottom > box.bottom + 2 * TOLERANCE);
    });
    const narrow = all(".canvas-verdict, button, label, summary, [data-baseweb=tag], input:not([type=range])")
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 2
        && getComputedStyle(element).overflowX !== "auto" && !cut.some((text) => element.contains(text)));
    return [...cut, ...narrow].map((element) => `is cut: ${located(element)}`);
  }

  // ---- pictures ---------------------------------------------------------------------------------------------------

  // The words of a flat picture that have a place of their own: not those of its contour lines.
  const textsOf = (picture) => all("svg.main-svg text", picture)
    .filter((text) => text.textContent.trim() && !text.closest(".contourlabels, .modebar, .hoverlayer"));

  // What a text of a picture is: xtick, ytitle, legendtext, ...
  const kindOf = (text) => classed(text.closest("[class*=tick], [class*=title], .annotation, .legend") ?? text);
  const spelled = (text) => `${kindOf(text)} “${text.textContent.trim().slice(0, 30)}”`;

  function overlap(one, other) {
    const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    return width > TOLERANCE && height > TOLERANCE ? `${Math.round(width)} x ${Math.round(height)}` : "";
  }

  function* pairs(elements) {
    for (const [place, one] of elements.entries()) for (const other of elements.slice(place + 1)) yield [one, other];
  }

  // The box of an element, as far as boxes around it that scroll by themselves show it.
  function shownBox(element) {
    const box = element.getBoundingClientRect();
    const shown = { left: box.left, top: box.top, right: box.right, bottom: box.bottom };
    for (let around = element.parentElement; around && around !== main(); around = around.parentElement) {
      if (getComputedStyle(around).overflow === "visible") continue;
      const { left, top, right, bottom } = around.getBoundingClientRect();
      shown.left = Math.max(shown.left, left);
      shown.top = Math.max(shown.top, top);
      shown.right = Math.min(shown.right, right);
      shown.bottom = Math.min(shown.bottom, bottom);
    }
    return shown;
  }

  function overlaps(elements, words) {
    const found = Array.from(pairs(elements.map((element) => [element, shownBox(element)])),
      ([[one, first], [other, second]]) => {
        const size = one.contains(other) || other.contains(one) ? "" : overlap(first, second);
        return size && `${words(one)} and ${words(other)} overlap by ${size}`;
      });
    return found.filter(Boolean);
  }

  function cutInPictures() {
    return pictures().flatMap((picture) => {
      const frame = picture.getBoundingClientRect();
      const cut = textsOf(picture).filter((text) => {
        const box = text.getBoundingClientRect();
        return box.left < frame.left - TOLERANCE || box.right > frame.right + TOLERANCE
          || box.top < frame.top - TOLERANCE || box.bottom > frame.bottom + TOLERANCE;
      });
      return cut.map((text) =>
        `${named(picture)}: ${spelled(text)} ${rounded(text.getBoundingClientRect())} leaves ${rounded(frame)}`);
    });
  }

  function overlapsInPictures() {
    return pictures().flatMap((picture) => {
      const bars = [...picture.querySelectorAll(".modebar-btn svg")].filter((bar) => bar.getBoundingClientRect().width);
      const legend = all("button", picture.closest(".canvas-cell")).filter((button) => !picture.contains(button));
      const words = (element) => (element.matches("text") ? spelled(element) : named(element));
      // The title goes when the pointer brings the toolbar.
      const texts = textsOf(picture);
      const besides = texts.filter((text) => !text.closest(".gtitle"));
      return [...new Set([...overlaps([...texts, ...legend], words), ...overlaps([...besides, ...bars], words)])]
        .map((sentence) => `${named(picture)}: ${sentence}`);
    });
  }

  const edgesOf = (width, height) => ({
    left: [0, 0, 1, height],
    right: [width - 1, 0, 1, height],
    upper: [0, height - 1, width, 1],
    lower: [0, 0, width, 1],
  });

  // What a scene draws reaches its edge, where it is cut.
  function cutScenes() {
    return pictures().flatMap((picture) => {
      const glplot = picture._fullLayout?.scene?._scene?.glplot;
      if (!glplot) return [];
      glplot.redraw();
      const { gl } = glplot;
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      const edges = Object.entries(edgesOf(gl.drawingBufferWidth, gl.drawingBufferHeight));
      return edges.filter(([, pixels]) => hasInk(gl, pixels))
        .map(([edge]) => `${named(picture)}: the scene is cut at its ${edge} edge`);
    });
  }

  function hasInk(gl, [left, bottom, width, height]) {
    const pixels = new Uint8Array(4 * width * height);
    gl.readPixels(left, bottom, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return pixels.some((value, place) => Math.abs(value - pixels[place % 4]) > 8);
  }

  // ---- the page as a whole ----------------------------------------------------------------------------------------

  function overlappingCells() {
    return overlaps(all(".canvas-cell"), (cell) => named(cell.querySelector("[data-figure]")));
  }

  // What is pressed or moved lies beside its neighbours. The strip lies over what the page shows below it.
  function overlappingControls() {
    const controls = all(CONTROLS).filter((control) => !control.closest("[data-figure]") && !control.matches(INNER));
    const inStrip = (control) => Boolean(control.closest(".canvas-strip"));
    return [true, false].flatMap((side) => overlaps(controls.filter((control) => inStrip(control) === side), named));
  }

  const failing = () => all("[data-testid=stException]").map((box) => `fails: ${box.textContent.trim().slice(0, 120)}`);

  const checks = { failing, together, atFirstSight, stickingOut, cutTexts, cutInPictures, overlapsInPictures, cutScenes,
    overlappingCells, overlappingControls };
  const complaints = () => Object.values(checks).flatMap((check) => check());

  globalThis.views = { ...checks, complaints, isReady, settled };
}
