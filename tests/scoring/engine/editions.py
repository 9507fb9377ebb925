"""Random editions: ties, voids, returned reviews, not applicable, every question kind, channels nobody uses."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from scoring.engine import Band, Contact, Edition, Option, Participant, Question, Rules

CHANNELS = ("telephone", "email", "chat", "messenger")
AREAS = ("wait", "welcome", "agent", "overall")
WEIGHTS = [
    [Fraction(weight) for weight in weights.split()]
    for weights in ("5 15 50 30", "100 0 0 0", "0 0 100 0", "25 25 25 25", "1/3 33 33 101/3")
]
POINTS = (None, Fraction(0), Fraction(1), Fraction(2), Fraction(3), Fraction(1, 2), Fraction(5, 3))
METRICS = ("ces", "csat", "nps", "ves1", "ves2")


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Question]:
    found: dict[str, Question] = {}
    for number in range(draw(st.integers(0, 6))):
        code = f"q{number}"
        area = draw(st.sampled_from(("wait", "welcome", "agent", "overall")))
        kind = draw(st.sampled_from(("single", "multi")))
        channels = draw(st.sampled_from((frozenset(), frozenset(("telephone",)), frozenset(("email", "chat")))))
        options = {f"o{n}": Option(f"o{n}", draw(st.sampled_from(POINTS))) for n in range(draw(st.integers(1, 4)))}
        if draw(st.booleans()):
            options["na"] = Option("na", None, not_applicable=True)
        found[code] = Question(code, area, kind, channels, "", options)
    for metric in draw(st.sets(st.sampled_from(METRICS))):
        found[metric] = Question(metric, "cx", "scale", frozenset(), metric)
    return found


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    weights = draw(st.sampled_from(WEIGHTS))
    bands = (Band(None, Fraction(10)), Band(Fraction(60), Fraction(100)), Band(Fraction(180), Fraction(60)))
    return Rules(
        weights=dict(zip(AREAS, weights, strict=True)),
        min_counted=draw(st.integers(1, 3)),
        min_channel_contacts=draw(st.integers(0, 2)),
        bands=dict.fromkeys(CHANNELS, bands),
        questions=draw(questions()),
    )


@st.composite
def contacts(draw: st.DrawFn, rules: Rules, code: str, participants: tuple[Participant, ...]) -> Contact:
    participant = draw(st.sampled_from(participants)).code
    channel = draw(st.sampled_from(CHANNELS))
    outcome = draw(st.sampled_from(("answered", "answered", "answered", "no_answer", "void", "")))
    review = draw(st.sampled_from(("approved", "approved", "", "returned", "submitted")))
    if outcome != "answered":
        return Contact(code, participant, channel, outcome, review)
    ticked: dict[str, frozenset[str]] = {}
    values: dict[str, Fraction] = {}
    for question in rules.questions.values():
        if question.channels and channel not in question.channels:
            continue
        if draw(st.integers(0, 5)) == 0:
            continue
        if question.kind == "scale":
            values[question.code] = Fraction(draw(st.integers(1, 10)))
            continue
        ticked[question.code] = draw(answers(question))
    wait = draw(st.sampled_from((Fraction(0), Fraction(60), Fraction(121, 2), Fraction(180), Fraction(4000), None)))
    return Contact(code, participant, channel, outcome, review, wait, ticked, values)


def answers(question: Question) -> st.SearchStrategy[frozenset[str]]:
    """A valid answer: one option, or one or more that are applicable."""
    if question.kind == "single":
        return st.sampled_from(sorted(question.options)).map(lambda code: frozenset((code,)))
    usual = st.sets(st.sampled_from([o.code for o in question.options.values() if not o.not_applicable]), min_size=1)
    alone = [frozenset((o.code,)) for o in question.options.values() if o.not_applicable]
    return st.one_of(usual.map(frozenset), *map(st.just, alone))


@st.composite
def editions(draw: st.DrawFn) -> Edition:
    found = draw(rules())
    names = [f"p{number}" for number in range(draw(st.integers(0, 5)))]
    participants = tuple(Participant(name, draw(st.sampled_from(("bank", "energi")))) for name in names)
    if not participants:
        return Edition(found, (), ())
    made = [draw(contacts(found, f"c{number:02}", participants)) for number in range(draw(st.integers(0, 12)))]
    return Edition(found, participants, tuple(made))
