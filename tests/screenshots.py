"""Takes the README's screenshots from the running app: `make screenshots`."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser import ROOT, chromium, serve
from tests.views import open_at

FOLDER = ROOT / "docs" / "screenshots"
SHOTS = {
    "playground": ("/?surface=himmelblau&optimizers=GradientDescent,Momentum,Adam&updates=200", 1366, 768, "light"),
    "red_circle": ("/red_circle", 1366, 768, "light"),
    "rosenbrock_dark": ("/?surface=rosenbrock&optimizers=Momentum,Adam,BFGS&learning_rate=0.002", 1366, 768, "dark"),
}


def take(browser: Browser, address: str, width: int, height: int, appearance: str, file: Path) -> None:
    """Opens one page, waits until all pictures are drawn, and saves what is in the window."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=appearance)
    open_at(context, address).screenshot(path=file)
    context.close()


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    with serve() as server, chromium() as browser:
        for name, (path, *window) in SHOTS.items():
            take(browser, server + path, *window, FOLDER / f"{name}.png")
            print(FOLDER / f"{name}.png")
