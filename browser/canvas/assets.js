// What the pictures need besides their message: plotly.js, the style sheet, and the grounds that come by themselves.

import { element } from "./dom.js";
import { unpack } from "./messages.js";
import { Recent } from "./recent.js";

const MOST_GROUNDS = 8;

const grounds = new Recent(MOST_GROUNDS);
const waiting = new Map();
const holders = new Map();
const fetched = new Map();

// Without an address, plotly.js is on the page already, and so is the style sheet.
export function library(address) {
  if (!address) return globalThis.Plotly;
  if (!fetched.has(address)) {
    fetched.set(address, new Promise((done, failed) => {
      const onload = () => done(globalThis.Plotly);
      const onerror = () => { fetched.delete(address); failed(new Error("plotly.js did not arrive.")); };
      document.head.append(element("script", { src: address, onload, onerror }));
    }));
  }
  return fetched.get(address);
}

// The style sheet, once for the whole page; without it the pictures stand below one another, but they stand.
export function style(address) {
  if (!address) return null;
  if (!fetched.has(address)) {
    fetched.set(address, new Promise((done) => {
      document.head.append(element("link", { rel: "stylesheet", href: address, onload: done, onerror: done }));
    }));
  }
  return fetched.get(address);
}

export function keepGround(id, content, holder) {
  holders.set(holder, id);
  // An element that has not changed sends its own only once: what an element on the page holds must stay.
  for (const parent of holders.keys()) if (!parent.isConnected) holders.delete(parent);
  if (!grounds.has(id)) grounds.set(id, unpack(content), new Set(holders.values()));
  waiting.get(id)?.forEach((done) => done());
  waiting.delete(id);
}

// The ground of this name, when it is here.
export async function ground(id) {
  while (!grounds.has(id)) {
    await new Promise((done) => waiting.set(id, [...(waiting.get(id) ?? []), done]));
  }
  return grounds.get(id);
}
