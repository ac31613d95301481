// Which keys move the time, and where they belong to somebody else.

const BUSY = "input, textarea, select, button, summary, a, [contenteditable], [role=slider], [role=combobox]";
const FIRST = ".canvas:has(.canvas-time:not([hidden]))"; // the keys are for the first time bar of a page
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

// Calls play() or step(by), and returns a function that stops listening. slider: the time's, which has keys of its own.
export function listenForKeys(root, slider, { play, step }) {
  const listener = (event) => {
    const busy = event.target.closest?.(BUSY);
    if (document.querySelector(FIRST) !== root || event.ctrlKey || event.metaKey || event.altKey) return;
    if (busy && (!root.contains(busy) || busy === slider)) return;
    if (event.key === " " && busy?.tagName !== "BUTTON") play();
    else if (event.key in STEPS) step(STEPS[event.key]);
    else return;
    event.preventDefault();
  };
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}
