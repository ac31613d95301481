// The line of HTML that shows a page in another one.

const ESCAPES = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };

// link: the address of the page with all its settings. title: the name of the page.
export function iframeLine(link, title) {
  const size = `width="800" height="450" style="border:0"`;
  return `<iframe src="${escaped(embedded(link))}" ${size} title="${escaped(title)}"`
    + ` allow="clipboard-write" loading="lazy"></iframe>`;
}

// An address that asks for the pictures alone. All else in it stays as it is written.
function embedded(link) {
  const [, page, query = "", place] = link.match(/^([^?#]*)(?:\?([^#]*))?(.*)$/s);
  const shown = place && `#${others(place.slice(1)).join("&")}`;
  return `${page}?${[...others(query), "embed=true"].join("&")}${shown}`;
}

// The settings of a query that do not say how the page is shown.
function others(query) {
  return query.split("&").filter((setting) => setting && setting.split("=")[0] !== "embed");
}

function escaped(text) {
  return text.replace(/[&"<>]/g, (letter) => ESCAPES[letter]);
}
