// What is different where the pictures are shown in another page, on a slide for one: the document's element says so.

const SMALL = 240, BELOW_MAP = 96; // pixels, the latter for the words of the axis and the colour bar
const SMALL_TITLE = 12;

export const isEmbedded = () => document.documentElement.hasAttribute("data-embed");

// Makes more of little room, of this width and height in pixels. Where it is upright, the colour bar lies below the map,
// which is larger then.
export function fitIn({ data, layout }, { width, height }) {
  if (width < SMALL && layout.title) layout.title = { ...layout.title, font: { size: SMALL_TITLE } };
  const map = data.find(({ colorbar }) => colorbar);
  if (!map || width > 0.9 * height) return;
  Object.assign(map.colorbar, {
    orientation: "h", x: 1, xanchor: "right", xpad: 0, yref: "container", y: 0.2, yanchor: "top",
    title: { ...map.colorbar.title, side: "bottom" },
  });
  layout.margin = { ...layout.margin, b: BELOW_MAP };
}
