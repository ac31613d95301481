// Swipes and the wheel scroll the page over a scene, until a student has chosen it: then they turn and zoom it.

export class Turning {
  isPressed = false; // a hand is on the scene

  constructor(box) {
    this.listening = new AbortController();
    const { signal } = this.listening;
    const choose = (isChosen) => box.classList.toggle("canvas-turning", isChosen);
    box.classList.add("canvas-space");
    // A finger that only swipes over it presses, but does not click.
    box.addEventListener("click", () => choose(true), { signal });
    box.addEventListener("pointerdown", ({ pointerType }) => pointerType === "mouse" && choose(true), { signal });
    box.addEventListener("wheel", (event) => {
      if (!box.classList.contains("canvas-turning")) event.stopPropagation();
    }, { capture: true, signal });
    box.addEventListener("pointerdown", () => (this.isPressed = true), { signal });
    for (const end of ["pointerup", "pointercancel"]) {
      window.addEventListener(end, () => (this.isPressed = false), { signal });
    }
    window.addEventListener("pointerdown", ({ target }) => box.contains(target) || choose(false), { signal });
    window.addEventListener("keydown", ({ key }) => key === "Escape" && choose(false), { signal });
  }

  close() {
    this.listening.abort();
  }
}
