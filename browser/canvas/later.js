// How what comes after the present update is shown: faint, or not at all. Chosen once for all pages, and kept.

const KEY = "later updates";
const FAINT = 0.28;

class Later {
  constructor() {
    this.isHidden = stored() === "hidden";
  }

  get opacity() {
    return this.isHidden ? 0 : FAINT;
  }

  toggle() {
    this.isHidden = !this.isHidden;
    try {
      localStorage.setItem(KEY, this.isHidden ? "hidden" : "faint");
    } catch {
      // A browser that stores nothing forgets the choice with the page.
    }
  }
}

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export const later = new Later();
