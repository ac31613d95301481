"""The red circle: why the gradient step is the best step, until the circle is too big. Five parts of one argument."""

from pages.theory.circle import always_smaller, inside, one_variable, second_order, two_variables
from ui.lesson import Lesson
from ui.theme import page_theme

PARTS = {
    "1 One variable": one_variable,
    "2 Two variables": two_variables,
    "3 Inside the circle": inside,
    "4 Always smaller?": always_smaller,
    "5 Second order": second_order,
}
FIRST = "2 Two variables"

lesson = Lesson("red_circle", "Why is −η ∇L the best step? And until when?")

part = PARTS[lesson.experiment(list(PARTS), first=FIRST, name="part")]
part.show(lesson, page_theme())
lesson.end()
