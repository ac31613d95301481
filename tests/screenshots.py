"""Takes the README's screenshots from the running app: `make screenshots`."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.browser import ROOT, chromium, serve

FOLDER = ROOT / "docs" / "screenshots"
SHOTS = {
    "playground": ("/?surface=himmelblau&optimizers=GradientDescent,Momentum,Adam&updates=200", 1366, 768, "light"),
    "red_circle": ("/red_circle", 1366, 768, "light"),
    "rosenbrock_dark": ("/?surface=rosenbrock&optimizers=Momentum,Adam,BFGS&learning_rate=0.002", 1366, 768, "dark"),
}


def take(browser: Browser, address: str, width: int, height: int, appearance: str, file: Path) -> None:
    """Opens one page, waits until all pictures are drawn, and saves what is in the window."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=appearance)
    page.goto(address)
    page.wait_for_function(
        "document.querySelectorAll('.js-plotly-plot .main-svg').length >= 3"
        " && document.querySelector('.canvas[data-drawn]')"
        " && !document.querySelector('[data-testid=stStatusWidget]')"
    )
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.screenshot(path=file)
    page.close()


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    with serve() as server, chromium() as browser:
        for name, (path, *window) in SHOTS.items():
            take(browser, server + path, *window, FOLDER / f"{name}.png")
            print(FOLDER / f"{name}.png")
