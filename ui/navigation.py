"""The pages of the app in the order in which a course meets them. A new page is one line here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page: its file, the words for it, its section in the navigation, its icon, and its part of the address."""

    file: str
    title: str
    section: str
    icon: str
    url_path: str = ""


PAGES = (
    Page("pages/playground/descent.py", "Descent playground", "Playground", ":material/downhill_skiing:"),
    Page("pages/playground/catalogue.py", "Catalogue", "Playground", ":material/menu_book:", "catalogue"),
    Page("pages/theory/update_rule.py", "The update rule", "Theory", ":material/function:", "update_rule"),
    Page("pages/theory/red_circle.py", "The red circle", "Theory", ":material/trip_origin:", "red_circle"),
    Page("pages/theory/two_gradients.py", "Two ways to a gradient", "Theory", ":material/call_split:", "two_gradients"),
    Page("pages/data/neuron_surface.py", "Error surface of a neuron", "Data", ":material/neurology:", "neuron_surface"),
    Page("pages/data/sum_of_gradients.py", "Sum of gradients", "Data", ":material/add_circle:", "sum_of_gradients"),
    Page(
        "pages/data/stochastic_descent.py",
        "Stochastic gradient descent",
        "Data",
        ":material/casino:",
        "stochastic_descent",
    ),
    Page("pages/data/feature_scaling.py", "Feature scaling", "Data", ":material/aspect_ratio:", "feature_scaling"),
    Page("pages/practice/learning_rate.py", "Learning rate", "Practice", ":material/speed:", "learning_rate"),
    Page("pages/practice/adagrad.py", "Adagrad and its family", "Practice", ":material/tune:", "adagrad"),
    Page("pages/practice/best_step.py", "The best step", "Practice", ":material/straighten:", "best_step"),
    Page("pages/practice/stuck.py", "Where descent gets stuck", "Practice", ":material/block:", "stuck"),
    Page("pages/practice/own_surface.py", "Your own surface", "Practice", ":material/edit:", "own_surface"),
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
