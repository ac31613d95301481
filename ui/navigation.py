"""The pages of the app in the order in which a course meets them. A new page is one line here, and its title."""

from dataclasses import dataclass

from lessons.titles import TITLES


@dataclass(frozen=True)
class Page:
    """One page: its file, its section in the navigation, its icon, and its part of the address."""

    file: str
    section: str
    icon: str
    url_path: str = ""

    @property
    def title(self) -> str:
        """The words for it."""
        return TITLES[self.url_path]


PAGES = (
    Page("pages/playground/descent.py", "Playground", ":material/downhill_skiing:"),
    Page("pages/playground/catalogue.py", "Playground", ":material/menu_book:", "catalogue"),
    Page("pages/theory/update_rule.py", "Theory", ":material/function:", "update_rule"),
    Page("pages/theory/red_circle.py", "Theory", ":material/trip_origin:", "red_circle"),
    Page("pages/theory/two_gradients.py", "Theory", ":material/call_split:", "two_gradients"),
    Page("pages/data/neuron_surface.py", "Data", ":material/neurology:", "neuron_surface"),
    Page("pages/data/sum_of_gradients.py", "Data", ":material/add_circle:", "sum_of_gradients"),
    Page("pages/data/stochastic_descent.py", "Data", ":material/casino:", "stochastic_descent"),
    Page("pages/data/feature_scaling.py", "Data", ":material/aspect_ratio:", "feature_scaling"),
    Page("pages/practice/learning_rate.py", "Practice", ":material/speed:", "learning_rate"),
    Page("pages/practice/adagrad.py", "Practice", ":material/tune:", "adagrad"),
    Page("pages/practice/best_step.py", "Practice", ":material/straighten:", "best_step"),
    Page("pages/practice/stuck.py", "Practice", ":material/block:", "stuck"),
    Page("pages/practice/own_surface.py", "Practice", ":material/edit:", "own_surface"),
)


def page_of(url_path: str) -> Page:
    """The page with this part of the address; raises ValueError where there is none."""
    (page,) = [page for page in PAGES if page.url_path == url_path]
    return page


def next_lessons(url_path: str) -> tuple[Page, ...]:
    """Where to go after a lesson: to the next one, if there is one, and to the playground."""
    lessons = [page for page in PAGES if page.section != "Playground"]
    places = {page.url_path: place for place, page in enumerate(lessons)}
    after = lessons[places[url_path] + 1 : places[url_path] + 2]
    return (*after, PAGES[0])
