"""The link that carries the playground: exact for what it holds, harmless for what it should not hold."""

import json
import math
import re
from dataclasses import replace

import pytest
from hypothesis import Phase, example, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from browser.contents import common, stated
from lessons.defaults import defaults_for
from lessons.moments import END
from lessons.presets import look_at, presets_for
from lessons.settings import (
    HEIGHTS,
    MOST_OPTIMIZERS,
    MOST_UPDATES,
    Settings,
    arguments,
    built_optimizer,
    built_schedule,
    decoded,
    encoded,
    takes_schedule,
)
from optimizers import OPTIMIZERS, SCHEDULES
from optimizers.hyperparameters import defaults, hyperparameters, is_whole
from surfaces import SURFACES
from tests.node import FOLDER, answers_of
from tests.playground import assert_harmless

pytestmark = pytest.mark.slow

OWNERS = {**OPTIMIZERS, **SCHEDULES}
FIELDS = {
    f"{owner}.{name}": (kind, name, known)
    for owner, kind in OWNERS.items()
    for name, known in hyperparameters(kind).items()
}
SCHEDULED = [name for name, rule in OPTIMIZERS.items() if takes_schedule(rule)]
UNSCHEDULED = [name for name, rule in OPTIMIZERS.items() if not takes_schedule(rule)]
EXTREMES = [1e308, 1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, 0.1, 1 / 3, 1e15, 1e16, 123456789.125]


def numbers_at_least_zero(above: bool = False) -> st.SearchStrategy[float]:
    return st.sampled_from(EXTREMES) | st.floats(0, 1e308, exclude_min=above, allow_subnormal=True)


ANY_NUMBER = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [*EXTREMES, *(-number for number in EXTREMES)]
)


def accepted_values(key: str) -> st.SearchStrategy[float]:
    """The values that the rule or schedule of a hyperparameter accepts, without its default."""
    kind, name, known = FIELDS[key]
    if is_whole(kind, name):
        drawn = st.integers(int(known.at_least), 10**6)
    else:
        low, high = (known.above if known.at_least is None else known.at_least), known.below or known.at_most
        drawn = st.floats(low, high or 1e308, exclude_min=known.above is not None, exclude_max=known.below is not None)
    return drawn.filter(lambda value: value != defaults(kind)[name])


@st.composite
def possible_settings(draw) -> Settings:
    surface = draw(st.sampled_from(list(SURFACES)))
    own_start = tuple(map(float, SURFACES[surface].start))
    optimizers = tuple(draw(st.lists(st.sampled_from(list(OPTIMIZERS)), min_size=1, max_size=6, unique=True)))
    schedule = draw(st.sampled_from(list(SCHEDULES)))
    updates = draw(st.integers(1, MOST_UPDATES))
    owned = [key for key in FIELDS if key.split(".")[0] in (*optimizers, schedule)]
    chosen = draw(st.lists(st.sampled_from(owned), unique=True, max_size=8)) if owned else []
    return Settings(
        surface=surface,
        start=draw(st.just(own_start) | st.tuples(ANY_NUMBER, ANY_NUMBER)),
        optimizers=optimizers,
        learning_rate=draw(numbers_at_least_zero(above=True)),
        same_rate=draw(st.booleans()),
        updates=updates,
        schedule=schedule,
        noise=draw(numbers_at_least_zero()),
        seed=draw(st.integers(0, 10**6)),
        heights=draw(st.sampled_from(HEIGHTS)),
        arrows=draw(st.booleans()),
        circle=draw(st.booleans()),
        rule=draw(st.sampled_from(["", *optimizers])),
        update=draw(st.integers(END, updates - 1)),
        values={key: draw(accepted_values(key)) for key in chosen},
    )


# A link holds everything


@given(settings=possible_settings())
@budget(max_examples=400)
@example(settings=Settings())
@example(settings=Settings(arrows=True))
@example(settings=Settings(start=(-1e308, 5e-324), learning_rate=5e-324, noise=1e308))
@example(
    settings=Settings(optimizers=tuple(OPTIMIZERS)[-6:], schedule="WarmupCosine", values={"BFGS.learning_rate": 3})
)
def test_a_link_reproduces_the_settings_exactly(settings):
    assert decoded(encoded(settings)) == (settings, [])


def test_a_link_reproduces_that_no_optimizer_is_chosen():
    settings = Settings(optimizers=())
    assert decoded(encoded(settings)) == (settings, [])


@pytest.mark.parametrize("drawn", [{"arrows": True}, {"circle": True}])
def test_what_is_drawn_of_an_update_is_of_the_first_one_unless_the_link_says_another(drawn):
    link = dict.fromkeys(drawn, "yes")
    assert decoded(link) == (Settings(**drawn, update=1), [])
    assert encoded(Settings(**drawn)) == {**link, "update": str(Settings.updates)}
    assert decoded({**link, "updates": "1"}) == (Settings(**drawn, updates=1), [])


@given(settings=possible_settings())
def test_a_link_holds_short_printable_text_only(settings):
    for key, text in encoded(settings).items():
        assert re.fullmatch(r"[A-Za-z0-9_.]+", key)
        assert re.fullmatch(r"[A-Za-z0-9_.,+-]*", text)
        assert len(text) <= 200


@pytest.mark.parametrize("surface", SURFACES)
def test_the_link_of_a_surface_with_its_own_start_names_nothing_but_the_surface(surface):
    link = {} if surface == Settings.surface else {"surface": surface}
    assert encoded(Settings(surface=surface, start=tuple(map(float, SURFACES[surface].start)))) == link


@pytest.mark.parametrize(("text", "number"), [("0,05", 0.05), ("５e−2", 0.05), ("1/20", 0.05)])
def test_numbers_of_a_link_are_read_as_people_write_them(text, number):
    assert decoded({"learning_rate": text}) == (Settings(learning_rate=number), [])


def test_an_empty_link_is_the_defaults():
    assert decoded({}) == (Settings(), [])
    assert Settings().start == tuple(map(float, SURFACES[Settings.surface].start))


def test_hyperparameters_of_what_is_not_chosen_stay_out_of_the_link():
    settings = Settings(optimizers=("Adam",), values={"Nesterov.momentum": 0.5, "Step.period": 7, "Adam.beta1": 0.5})
    assert encoded(settings) == {"optimizers": "Adam", "Adam.beta1": "0.5"}


@pytest.mark.parametrize("key", FIELDS)
def test_every_hyperparameter_travels_under_its_own_name(key):
    kind, name, known = FIELDS[key]
    value = known.low if known.low != defaults(kind)[name] else known.high
    chosen = {"optimizers": (kind.__name__,)} if kind.__name__ in OPTIMIZERS else {"schedule": kind.__name__}
    settings = Settings(**chosen, values={key: value})
    assert float(encoded(settings)[key]) == value
    assert decoded(encoded(settings)) == (settings, [])


# What cannot be used is named, and harms nothing else

FULL = Settings(
    surface="booth",
    start=(1.25, -3.5),
    optimizers=("Adam", "Newton", "Momentum"),
    learning_rate=0.125,
    same_rate=False,
    updates=40,
    schedule="Step",
    noise=0.5,
    seed=3,
    heights="true",
    arrows=True,
    circle=True,
    rule="Newton",
    update=7,
    values={"Adam.beta1": 0.5, "Momentum.momentum": 0.75, "Step.period": 9, "Newton.learning_rate": 0.5},
)

TEN_THOUSAND = "1" * 10_000
NONSENSE = {
    "spaces": "   ",
    "nan": "nan",
    "infinity": "inf",
    "minus infinity": "-Infinity",
    "word": "fast",
    "huge power": str(10**400),
    "too large for a float": "1e999",
    "ten thousand characters": TEN_THOUSAND,
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "backticks": "`a` ``b`` ```c```",
    "markdown": "[here](https://example.org) **bold** _x_ # ![i](x) :red[x] :smile:",
    "mathematics": "$x^2$ $$y$$",
    "lines": "1\n\n# 2\r\n\t3",
    "invisible": "\u202e\u200b\x00\x1b[31m",
    "code": "__import__('os').system('true')",
    "list": "[1, 2]",
    "semicolon": "1;2",
}
OUT_OF_RANGE = {
    "surface": ["Booth", "rosenbrock,booth", "__class__"],
    "start": ["1", "1,2,3", ",", "1,", "nan,1", "1,inf", "1e999,0", "(1, 2)"],
    "learning_rate": ["0", "-0.1", "1e-400", "-inf", "0x10"],
    "same_rate": ["true", "1", "YES"],
    "updates": ["0", "-5", "2001", "1.5", "1e300"],
    "schedule": ["constant", "Adam"],
    "noise": ["-0.1", "-1e308"],
    "seed": ["-1", "1000001", "0.5"],
    "heights": ["spaced,true", "log"],
    "arrows": ["true", "on"],
    "rule": ["adam", "Constant"],
    "update": ["-1", "2001", "2.5"],
    "Adam.beta1": ["1", "-0.1", "2"],
    "Adam.epsilon": ["-1e-8"],
    "Adam.learning_rate": ["-1"],
    "Momentum.momentum": ["1", "1.5"],
    "Step.period": ["0", "2.5", "-3"],
    "Step.decay": ["0", "1.1"],
}
BROKEN = [(key, text) for key in OUT_OF_RANGE for text in NONSENSE.values()]
BROKEN += [(key, text) for key, texts in OUT_OF_RANGE.items() for text in texts]


def without(settings: Settings, key: str) -> Settings:
    """These settings with the part that this key of a link carries at its default."""
    if "." in key:
        return replace(settings, values={name: value for name, value in settings.values.items() if name != key})
    if key == "start":
        return replace(settings, start=tuple(map(float, SURFACES[settings.surface].start)))
    if key == "update" and (settings.arrows or settings.circle):
        return replace(settings, update=1)
    return replace(settings, **{key: getattr(Settings(), key)})


@pytest.mark.parametrize(("key", "text"), BROKEN, ids=lambda text: ascii(text)[:30])
def test_a_broken_value_costs_its_own_part_and_one_harmless_sentence(key, text):
    settings, complaints = decoded({**encoded(FULL), key: text})
    assert settings == without(FULL, key)
    assert len(complaints) == 1
    assert f"`{key}`" in complaints[0]
    assert len(complaints[0]) < 200
    assert_harmless(complaints[0])


def test_an_empty_value_costs_its_own_part_and_one_harmless_sentence():
    for key in OUT_OF_RANGE:
        settings, complaints = decoded({**encoded(FULL), key: ""})
        assert settings == without(FULL, key)
        assert len(complaints) == 1
        assert f"`{key}`" in complaints[0]
        assert_harmless(complaints[0])


@pytest.mark.parametrize("key", FIELDS)
@pytest.mark.parametrize("text", ["nan", "-1", "x", TEN_THOUSAND], ids=lambda text: text[:5])
def test_a_broken_hyperparameter_falls_back_to_its_default(key, text):
    kind, name, _ = FIELDS[key]
    settings, complaints = decoded({key: text})
    assert settings == Settings()
    assert settings.value(kind.__name__, name) == defaults(kind)[name]
    assert len(complaints) == 1
    assert f"`{key}`" in complaints[0]
    assert_harmless(complaints[0])


@pytest.mark.parametrize("key", [key for key, (kind, name, _) in FIELDS.items() if is_whole(kind, name)])
def test_what_counts_something_must_be_whole(key):
    settings, complaints = decoded({key: "12.5"})
    assert key not in settings.values
    assert len(complaints) == 1


UNKNOWN_KEYS = [
    "nope",
    "Adam",
    "Adam.nope",
    "Newton.beta1",
    "Nope.beta1",
    "Constant.decay",
    "adam.beta1",
    "Adam.beta1.low",
    "start1",
    "values",
    "_link",
    "__class__",
    "<b>x</b>",
    "`x`",
    "$x$",
    "[a](b)",
    "x\ny",
    "k" * 10_000,
]


@pytest.mark.parametrize("key", UNKNOWN_KEYS, ids=lambda key: ascii(key)[:30])
def test_an_unknown_key_changes_nothing_and_is_named(key):
    settings, complaints = decoded({**encoded(FULL), key: "0.5"})
    assert settings == FULL
    assert len(complaints) == 1
    assert "is not a setting" in complaints[0]
    readable = re.sub(r"[`$\n]", "?", key)[:40]
    assert readable in complaints[0]
    assert_harmless(complaints[0])


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "nope",
        "adam",
        "Adam,nope",
        "Adam;Momentum",
        "Constant",
        "Adam,<img src=x onerror=alert(1)>",
        "Adam,`x`",
        "Adam,Adam",
        "Adam,Momentum,Adam",
        ",".join(list(OPTIMIZERS)[:7]),
        ",".join(["nope", *list(OPTIMIZERS)[:7]]),
        ",".join(OPTIMIZERS),
        TEN_THOUSAND,
    ],
    ids=lambda text: text[:30] or "empty",
)
def test_a_broken_list_of_optimizers_leaves_a_list_that_can_be_used_and_one_sentence(text):
    settings, complaints = decoded({**encoded(FULL), "optimizers": text})
    assert replace(settings, optimizers=FULL.optimizers) == FULL
    assert set(settings.optimizers) <= set(OPTIMIZERS)
    assert len(set(settings.optimizers)) == len(settings.optimizers) <= MOST_OPTIMIZERS
    if text:  # An empty list is a choice: none.
        assert settings.optimizers
        assert len(complaints) == 1
        assert "`optimizers`" in complaints[0]
        assert_harmless(complaints[0])


def test_every_broken_part_has_its_own_sentence():
    broken = dict.fromkeys(OUT_OF_RANGE, "`<b>`") | {"nope": "1"}
    settings, complaints = decoded(broken)
    assert settings == Settings()
    assert len(complaints) == len(broken)
    for key in broken:
        assert sum(f"`{key}`" in complaint for complaint in complaints) == 1
    assert_harmless("; ".join(complaints))


LINK_TEXT = st.text(max_size=30) | st.sampled_from(list(NONSENSE.values())) | st.from_regex(r"-?\d{1,3}(\.\d)?")


@pytest.mark.slow
@given(query=st.dictionaries(st.text(max_size=12) | st.sampled_from([*OUT_OF_RANGE, *FIELDS, "optimizers"]), LINK_TEXT))
@budget(max_examples=300)
def test_no_link_can_do_harm(query):
    settings, complaints = decoded(query)
    assert_harmless("; ".join(complaints))
    assert math.isfinite(sum(number / 4 for number in settings.start))
    for name in settings.optimizers:
        built_optimizer(settings, name)
    assert decoded(encoded(settings))[1] == []


# What the rules run with


@pytest.mark.parametrize("name", SCHEDULED)
def test_a_shared_rate_is_the_rate_of_every_rule_that_takes_a_schedule(name):
    values = {f"{name}.learning_rate": 0.03}
    assert arguments(Settings(learning_rate=0.7, values=values), name)["learning_rate"] == 0.7
    assert arguments(Settings(learning_rate=0.7, values=values, same_rate=False), name)["learning_rate"] == 0.03
    own = arguments(Settings(learning_rate=0.7, same_rate=False), name)
    assert own == defaults(OPTIMIZERS[name])


@pytest.mark.parametrize("name", UNSCHEDULED)
def test_a_shared_rate_is_not_the_factor_of_a_search(name):
    settings = Settings(learning_rate=0.7, values={f"{name}.learning_rate": 0.25})
    assert arguments(settings, name)["learning_rate"] == 0.25
    assert built_optimizer(settings, name).learning_rate == 0.25
    assert arguments(Settings(learning_rate=0.7), name) == defaults(OPTIMIZERS[name])


@pytest.mark.parametrize("key", [key for key in FIELDS if key.split(".")[0] in OPTIMIZERS])
def test_a_rule_runs_with_its_own_hyperparameters(key):
    kind, name, known = FIELDS[key]
    value = known.low if known.low != defaults(kind)[name] else known.high
    others = {f"{other}.{name}": 0.123 for other in OPTIMIZERS if other != kind.__name__}
    settings = Settings(same_rate=False, values={**others, key: value})
    rule = built_optimizer(settings, kind.__name__)
    assert isinstance(rule, kind)
    assert {field: getattr(rule, field) for field in defaults(kind)} == {**defaults(kind), name: value}


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_chosen_schedule_with_its_own_hyperparameters_reaches_every_rule_that_takes_one(schedule):
    values = {f"{schedule}.{name}": known.high for name, known in hyperparameters(SCHEDULES[schedule]).items()}
    settings = Settings(schedule=schedule, values=values)
    expected = SCHEDULES[schedule](**{key.split(".")[1]: value for key, value in values.items()})
    assert type(built_schedule(settings)) is SCHEDULES[schedule]
    for name in OPTIMIZERS:
        rule = built_optimizer(settings, name)
        if name in UNSCHEDULED:
            assert type(rule.schedule) is SCHEDULES["Constant"]
            continue
        assert type(rule.schedule) is SCHEDULES[schedule]
        assert [rule.schedule(update) for update in range(300)] == [expected(update) for update in range(300)]


def test_the_rule_that_is_worked_out_is_a_chosen_one():
    assert Settings(optimizers=("Adam", "Newton")).chosen_rule() == "Adam"
    assert Settings(optimizers=("Adam", "Newton"), rule="Newton").chosen_rule() == "Newton"
    assert Settings(optimizers=("Adam", "Newton"), rule="BFGS").chosen_rule() == "Adam"
    assert Settings(optimizers=()).chosen_rule() == ""


def test_an_update_after_the_last_one_is_named():
    settings, ignored = decoded({"updates": "100", "update": "500"})
    assert (settings.updates, settings.update) == (100, END)
    assert ignored == ["`update` = `500` is not a whole number from 0 to 100"]


def test_the_moment_of_a_link_says_which_update_is_worked_out():
    for update, moment, worked in (("0", 0, 1), ("1", 1, 1), ("37", 37, 37), ("100", END, 100)):
        settings, ignored = decoded({"updates": "100", "update": update})
        assert (settings.update, settings.chosen_update(), ignored) == (moment, worked, [])
    assert decoded({"updates": "70"})[0].chosen_update() == 70


# A page without a server reads and writes the same links

LINKS = FOLDER / "links.js"
PAGE = {
    "common": common(),
    "surfaces": {
        name: {
            "name": name,
            "lesson": surface.lesson,
            "defaults": stated(defaults_for(name)),
            "presets": [
                {"lookAt": preset.look_at, "settings": stated(preset.applied())} for preset in presets_for(name)
            ],
        }
        for name, surface in SURFACES.items()
    },
}


def answers_of_page(questions: list[dict]) -> list:
    return as_read(answers_of(LINKS, [PAGE, *questions])[1:])


def as_plain_data(settings: Settings) -> dict:
    return as_read(stated(settings))


def as_read(data):
    """Data as JSON brings it, numbers as floats: JavaScript writes large ones without a point."""
    return json.loads(json.dumps(data), parse_int=float)


def assert_read_alike(queries: list[dict[str, str]]) -> None:
    """What must be the same: the settings, and the sentences without Markdown's signs, unknown keys in any order."""
    for query, answer in zip(queries, answers_of_page([{"query": query} for query in queries]), strict=True):
        settings, ignored = decoded(query)
        assert answer["settings"] == as_plain_data(settings), query
        sentences = [sentence.replace("`", "") for sentence in ignored]
        unknown = [sentence.endswith("is not a setting") for sentence in sentences]
        assert answer["ignored"][: unknown.count(False)] == sentences[: unknown.count(False)]
        assert sorted(answer["ignored"]) == sorted(sentences)


def test_a_page_without_a_server_reads_broken_links_as_the_app_does():
    lists = ["", ",", "Adam,nope", "Adam,Adam", "constructor", "__proto__", ",".join(list(OPTIMIZERS)[:7])]
    queries = [{**encoded(FULL), key: text} for key, text in BROKEN]
    queries += [{**encoded(FULL), key: "0.5"} for key in [*UNKNOWN_KEYS, "constructor", "toString"]]
    queries += [{"optimizers": text, "rule": text, "schedule": text, "surface": text} for text in lists]
    queries += [{key: ""} for key in OUT_OF_RANGE]
    assert_read_alike(queries)


def test_a_page_without_a_server_reads_every_value_of_a_hyperparameter_as_the_app_does():
    texts = ("0", "1", "-1", "0.5", "2.5", "3", "1e-8", "0.999999", "nan", "x")
    assert_read_alike([{key: text} for key in FIELDS for text in texts])


@pytest.mark.parametrize("key", ["start", "learning_rate", "updates", "noise", "seed", "update", "Adam.epsilon"])
def test_a_page_without_a_server_reads_plain_numbers_as_the_app_does(key):
    texts = ["+.5", "5.", "1E3", " 7 ", "1e+2", "-0", "0e5", "5e-324", "1e-400", "0.0e-400", "1e", ".", "+-1", "0x10"]
    texts = [f"{text},{text}" if key == "start" else text for text in texts]
    assert_read_alike([{key: text} for text in texts])


def test_a_page_without_a_server_reads_numbers_as_people_write_them():
    texts = ("0,05", "1/20", "5e−2", "0.05")
    for answer in answers_of_page([{"query": {"learning_rate": text}} for text in texts]):
        assert answer["settings"] == as_plain_data(Settings(learning_rate=0.05))
    for answer in answers_of_page([{"query": {"learning_rate": text}} for text in ("1,234", "５e2", "1 000", "1,2,3")]):
        assert answer["settings"] == as_plain_data(Settings())
        assert len(answer["ignored"]) == 1


def test_a_page_without_a_server_says_that_it_has_no_formulas():
    (answer,) = answers_of_page([{"query": {"surface": "= x^2 + y^2"}}])
    assert answer["settings"] == as_plain_data(Settings())
    assert answer["ignored"] == ["surface = = x^2 + y^2 is a formula, which this page cannot read"]


@given(every=st.lists(possible_settings(), min_size=20, max_size=60))
@budget(max_examples=8, phases=[Phase.generate])  # to make a smaller list of a wrong one takes minutes
def test_a_page_without_a_server_reads_and_writes_the_links_of_the_app(every):
    every = [Settings(), FULL, replace(FULL, update=END), *every]
    for settings, answer in zip(every, answers_of_page([{"settings": stated(one)} for one in every]), strict=True):
        assert answer["link"] == encoded(settings)
    assert_read_alike(list(map(encoded, every)))


def test_a_page_without_a_server_says_what_to_look_at_as_the_app_does():
    applied = [preset.applied() for name in SURFACES for preset in presets_for(name)]
    every = [
        *applied,
        *(replace(one, seed=7, heights="true", arrows=True) for one in applied),
        *(replace(one, same_rate=not one.same_rate) for one in applied),
        *(replace(one, optimizers=one.optimizers[::-1], rule=one.optimizers[0]) for one in applied),
        *(replace(one, updates=one.updates - 1) for one in applied),
    ]
    for settings, answer in zip(every, answers_of_page([{"settings": stated(one)} for one in every]), strict=True):
        assert answer["lookAt"] == (look_at(settings) or SURFACES[settings.surface].lesson)


def test_changes_on_a_page_without_a_server_leave_settings_that_fit_together():
    changes = [
        ({"updates": 5}, {"updates": 5, "update": END}),
        ({"Adam.beta1": 0.25, "seed": 9}, {"values": {**FULL.values, "Adam.beta1": 0.25}, "seed": 9}),
        ({"optimizers": ["Newton", "Adam"]}, {"optimizers": ["Newton", "Adam"], "rule": ""}),
        ({"optimizers": ["Adam"]}, {"optimizers": ["Adam"], "rule": ""}),
        ({"values": {}}, {"values": {}}),
    ]
    questions = [{"settings": stated(FULL), "changes": change} for change, _ in changes]
    for (_, changed), answer in zip(changes, answers_of_page(questions), strict=True):
        assert answer == {**as_plain_data(FULL), **changed}
