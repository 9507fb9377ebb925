"""What is wrong with a package is said in full: the place, the value, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from awards.package.format import PackageProblem, PackageProblems, parse_package
from tests.awards.package.format.editions import (
    Change,
    added,
    append,
    replace,
    tiny_files,
    without,
    write_folder,
    write_form,
    write_zip,
)


@dataclass(frozen=True)
class Broken:
    """One broken package: what was done to the tiny edition, and the one problem it gives."""

    name: str
    change: Change
    table: str
    row: int | None
    column: str
    value: str
    message: str


BROKEN = [
    # ---- files and columns
    Broken("a missing file", without("options.csv"), "options", None, "", "", "mangler. Legg de"),
    Broken(
        "an unknown file",
        added("answer.csv", "contact,question\n"),
        "answer",
        None,
        "",
        "",
        "Hører ikke til i en årgangspakke. Mente du «answers",
    ),
    Broken(
        "an unknown column",
        replace("classes.csv", "class,name_nb,name_en", "class,name_nb,name_enn"),
        "classes",
        1,
        "name_enn",
        "",
        "Ukjent kolonne. Mente du «name_en»?",
    ),
    Broken(
        "a column twice",
        replace("classes.csv", "class,name_nb,name_en", "class,name_nb,name_nb"),
        "classes",
        1,
        "name_nb",
        "",
        "Kolonnen står flere ganger. Behold den ene.",
    ),
    Broken("no header", added("relations.csv", ""), "relations", 1, "", "", "Overskriftsraden mangler."),
    # ---- edition.csv
    Broken(
        "an unknown key",
        replace("edition.csv", "min_counted,3", "min_countet,3"),
        "edition",
        13,
        "key",
        "min_countet",
        "Ukjent nøkkel. Mente du «min_counted»?",
    ),
    Broken(
        "a missing key",
        replace("edition.csv", "year,2022\n", ""),
        "edition",
        None,
        "year",
        "",
        "Nøkkelen mangler. Legg til en rad med den.",
    ),
    Broken(
        "a key twice",
        append("edition.csv", "year,2023"),
        "edition",
        16,
        "key",
        "year",
        "Nøkkelen står også i rad 4. Behold den ene.",
    ),
    Broken(
        "a key without value",
        replace("edition.csv", "award,Prøveprisen\n", "award,\n"),
        "edition",
        3,
        "award",
        "",
        "Verdien mangler. Fyll den ut.",
    ),
    Broken(
        "weights that are not 100",
        replace("edition.csv", "weight_overall,30", "weight_overall,25"),
        "edition",
        12,
        "weight_overall",
        "95",
        "Vektene er til sammen 95, men må være 100.",
    ),
    Broken(
        "a reversed period",
        replace("edition.csv", "ends_on,2022-02-04", "ends_on,2022-01-04"),
        "edition",
        6,
        "ends_on",
        "2022-01-04",
        "Perioden slutter før den begynner (2022-01-10).",
    ),
    Broken(
        "a reversed working day",
        append("edition.csv", "closes_at,08:30"),
        "edition",
        16,
        "closes_at",
        "08:30",
        "Dagen slutter før den begynner (09:00).",
    ),
    Broken(
        "a time zone that is none",
        append("edition.csv", "timezone,Europe/Olso"),
        "edition",
        16,
        "timezone",
        "Europe/Olso",
        "Må være en tidssone som finnes",
    ),
    Broken(
        "an extra day off twice",
        append("edition.csv", "closed_days,2022-01-12 2022-01-12"),
        "edition",
        16,
        "closed_days",
        "2022-01-12 2022-01-12",
        "Den samme datoen står flere ganger.",
    ),
    # ---- types
    Broken(
        "a date that is none",
        replace("edition.csv", "starts_on,2022-01-10", "starts_on,2022-01-32"),
        "edition",
        5,
        "starts_on",
        "2022-01-32",
        "Må være en dato som finnes",
    ),
    Broken(
        "a date the Norwegian way",
        replace("edition.csv", "starts_on,2022-01-10", "starts_on,10.01.2022"),
        "edition",
        5,
        "starts_on",
        "10.01.2022",
        "skrevet som 2022-01-10",
    ),
    Broken(
        "points that are no number",
        replace(
            "options.csv",
            "personal,warm,1,Personlig og hyggelig,Personal and friendly,2,",
            "personal,warm,1,Personlig,,to,",
        ),
        "options",
        4,
        "points",
        "to",
        "Må være et vanlig tall, som 3 eller 12.5.",
    ),
    Broken(
        "points with a decimal comma",
        replace("options.csv", "buy,no,2,Nei,No,0,", 'buy,no,2,Nei,No,"0,5",'),
        "options",
        24,
        "points",
        "0,5",
        "desimalpunktum",
    ),
    Broken(
        "points that are not finite",
        replace("options.csv", "buy,no,2,Nei,No,0,", "buy,no,2,Nei,No,NaN,"),
        "options",
        24,
        "points",
        "NaN",
        "Må være et vanlig tall",
    ),
    Broken(
        "points with an exponent",
        replace("options.csv", "buy,no,2,Nei,No,0,", "buy,no,2,Nei,No,1e3,"),
        "options",
        24,
        "points",
        "1e3",
        "Må være et vanlig tall",
    ),
    Broken(
        "points with too many digits",
        replace("options.csv", "buy,no,2,Nei,No,0,", "buy,no,2,Nei,No,1234567,"),
        "options",
        24,
        "points",
        "1234567",
        "høyst 6 sifre før punktum og 9 etter",
    ),
    Broken(
        "negative points",
        replace("options.csv", "buy,no,2,Nei,No,0,", "buy,no,2,Nei,No,-1,"),
        "options",
        24,
        "points",
        "-1",
        "Tallet kan ikke være mindre enn 0.",
    ),
    Broken(
        "a percentage above 100",
        replace("wait_bands.csv", "telephone,seconds,60,100", "telephone,seconds,60,101"),
        "wait_bands",
        2,
        "percent",
        "101",
        "Tallet kan ikke være større enn 100.",
    ),
    Broken(
        "a code with a capital",
        append("relations.csv", "S2,fjellbanken,other"),
        "relations",
        4,
        "shopper",
        "S2",
        "Koden kan bare ha små bokstaver",
    ),
    Broken(
        "a word outside the vocabulary",
        replace("relations.csv", "s6,fjellbanken,customer", "s6,fjellbanken,kunde"),
        "relations",
        2,
        "kind",
        "kunde",
        "Må være ett av disse: customer, employee, family, other.",
    ),
    Broken(
        "an unknown channel in a list",
        replace("questions.csv", "single,email chat messenger", "single,email sms"),
        "questions",
        7,
        "channels",
        "email sms",
        "telephone, email, chat, messenger",
    ),
    Broken(
        "a week that is none",
        replace("contacts.csv", "c03,fjellbanken,s3,chat,2022-W03", "c03,fjellbanken,s3,chat,2022-W53"),
        "contacts",
        4,
        "week",
        "2022-W53",
        "Må være en uke som finnes",
    ),
    Broken(
        "yes in Norwegian",
        replace("questions.csv", "multi,,,,,no", "multi,,,,,nei"),
        "questions",
        4,
        "required",
        "nei",
        "Må være yes eller no.",
    ),
    Broken(
        "an address that is none",
        replace("shoppers.csv", "s1@example.test", "s1@example"),
        "shoppers",
        2,
        "email",
        "s1@example",
        "Denne adressen kan ikke motta post.",
    ),
    Broken(
        "two shoppers with one address",
        replace("shoppers.csv", "s2@example.test", "S1@\u200bExample.test"),
        "shoppers",
        3,
        "email",
        "S1@Example.test",
        "Adressen står også i rad 2.",
    ),
    Broken(
        "a shopper who is a participant's contact person",
        replace("shoppers.csv", "s2@example.test", "Leder@fjellbanken.example"),
        "shoppers",
        3,
        "email",
        "Leder@fjellbanken.example",
        "Adressen er også «report_email» for deltakeren «fjellbanken» («participants», rad 2).",
    ),
    Broken(
        "a shopper with the address that is to be measured",
        replace("shoppers.csv", "s2@example.test", "post@lyskraft.example"),
        "shoppers",
        3,
        "email",
        "post@lyskraft.example",
        "Adressen er også «email» for deltakeren «lyskraft» («participants», rad 5).",
    ),
    Broken(
        "a dash for a channel",
        replace("participants.csv", "post@skogbanken.example,,,", "post@skogbanken.example,,-,"),
        "participants",
        4,
        "chat",
        "-",
        "Dette er ikke en lenke.",
    ),
    Broken(
        "an error of the spreadsheet for a telephone number",
        replace("participants.csv", "+47 22 00 00 04", "#REF!"),
        "participants",
        5,
        "telephone",
        "#REF!",
        "regnearkfeilen #REF!",
    ),
    Broken(
        "a column that is not known",
        replace("participants.csv", "contact_form,chat,messenger\n", "contact_form,chat,messenger,raw_answers\n"),
        "participants",
        1,
        "raw_answers",
        "",
        "Ukjent kolonne.",
    ),
    Broken(
        "a link that runs a script",
        replace("participants.csv", "https://lyskraft.example,", "javascript:alert(1),"),
        "participants",
        5,
        "website",
        "javascript:alert(1)",
        "Dette er ikke en nettadresse.",
    ),
    Broken(
        "an empty name",
        replace("participants.csv", "lyskraft,Lyskraft,", "lyskraft, ,"),
        "participants",
        5,
        "name",
        "",
        "Cellen er tom. Fyll den ut.",
    ),
    Broken(
        "a comment without end",
        append("comments.csv", "c02,agent," + "x" * 5001),
        "comments",
        3,
        "text",
        "x" * 79 + "…",
        "Teksten har 5001 tegn; det er plass til 5000.",
    ),
    Broken(
        "an hour that never was",
        added("attempts.csv", "contact,number,started_at,result\nc01,1,2022-03-27T02:30,answered\n"),
        "attempts",
        2,
        "started_at",
        "2022-03-27T02:30",
        "Tidspunktet finnes ikke i Europe/Oslo",
    ),
    Broken(
        "an hour that was twice",
        added("attempts.csv", "contact,number,started_at,result\nc01,1,2022-10-30 02:30:00,answered\n"),
        "attempts",
        2,
        "started_at",
        "2022-10-30 02:30:00",
        "Tidspunktet finnes to ganger i Europe/Oslo",
    ),
    # ---- identifiers and references
    Broken(
        "a code twice",
        append("classes.csv", "bank,Banker,Banks"),
        "classes",
        4,
        "class",
        "bank",
        "Det samme står allerede i rad 2. Fjern den ene raden.",
    ),
    Broken(
        "an answer twice",
        append("answers.csv", "c01,name,agent,"),
        "answers",
        171,
        "option",
        "c01 name agent",
        "Det samme står allerede i rad 3.",
    ),
    Broken(
        "an unknown class",
        replace("participants.csv", "skogbanken,Skogbanken,bank", "skogbanken,Skogbanken,skog"),
        "participants",
        4,
        "class",
        "skog",
        "Koden finnes ikke i «classes».",
    ),
    Broken(
        "an unknown shopper",
        append("relations.csv", "s7,fjellbanken,other"),
        "relations",
        4,
        "shopper",
        "s7",
        "Koden finnes ikke i «shoppers».",
    ),
    Broken(
        "an unknown contact",
        append("comments.csv", "c99,agent,Ukjent"),
        "comments",
        3,
        "contact",
        "c99",
        "Koden finnes ikke i «contacts».",
    ),
    # ---- the questionnaire
    Broken(
        "a metric for two questions",
        append("questions.csv", "again,cx,13,Igjen?,,scale,,nps,0,10,no"),
        "questions",
        14,
        "metric",
        "nps",
        "Målet hører allerede til spørsmålet «nps».",
    ),
    Broken(
        "a metric outside cx",
        append("questions.csv", "again,agent,13,Igjen?,,scale,,ves1,1,7,no"),
        "questions",
        14,
        "metric",
        "ves1",
        "Bare et spørsmål av typen scale i området cx kan ha et mål.",
    ),
    Broken(
        "a scale without an end",
        append("questions.csv", "again,cx,13,Igjen?,,scale,,,1,,no"),
        "questions",
        14,
        "scale_max",
        "",
        "må ha begge endene av skalaen",
    ),
    Broken(
        "a reversed scale",
        append("questions.csv", "again,cx,13,Igjen?,,scale,,,7,1,no"),
        "questions",
        14,
        "scale_max",
        "1",
        "Skalaen må slutte høyere enn den begynner (7).",
    ),
    Broken(
        "nothing to choose",
        append("questions.csv", "again,agent,13,Igjen?,,single,,,,,no"),
        "questions",
        14,
        "question",
        "again",
        "Spørsmålet har ingen svaralternativer.",
    ),
    Broken(
        "an option for a scale",
        append("options.csv", "nps,na,1,Vet ikke,,,yes"),
        "options",
        26,
        "question",
        "nps",
        "Spørsmålet er en skala og har ingen svaralternativer.",
    ),
    Broken(
        "more than 40 questions on a channel",
        append("questions.csv", *(f"q{number},cx,{number},Og?,,scale,chat,,1,7,no" for number in range(31))),
        "questions",
        None,
        "channels",
        "chat",
        "41 spørsmål gjelder kontaktmåten; det kan være høyst 40.",
    ),
    # ---- waits
    Broken(
        "a wait beyond the bands",
        replace(
            "contacts.csv",
            "c03,fjellbanken,s3,chat,2022-W03,answered,200",
            "c03,fjellbanken,s3,chat,2022-W03,answered,301",
        ),
        "contacts",
        4,
        "wait",
        "301",
        "lengre enn den høyeste grensen i «wait_bands» (300 seconds)",
    ),
    Broken(
        "an answer without wait",
        replace(
            "contacts.csv",
            "c03,fjellbanken,s3,chat,2022-W03,answered,200",
            "c03,fjellbanken,s3,chat,2022-W03,answered,",
        ),
        "contacts",
        4,
        "wait",
        "",
        "En besvart henvendelse må ha ventetid.",
    ),
    Broken(
        "a wait before the contact is made",
        append("contacts.csv", "c20,skogbanken,s4,telephone,2022-W05,,30,"),
        "contacts",
        20,
        "wait",
        "30",
        "Henvendelsen har ventetid, men intet utfall.",
    ),
    Broken(
        "a channel without bands",
        replace("wait_bands.csv", "chat,seconds,60,100\nchat,seconds,180,60\nchat,seconds,300,20\n", ""),
        "wait_bands",
        None,
        "channel",
        "chat",
        "Kontaktmåten er i bruk, men har ingen ventetidsgrenser.",
    ),
    Broken(
        "two units on a channel",
        replace("wait_bands.csv", "email,working_days,3,30", "email,seconds,3,30"),
        "wait_bands",
        13,
        "unit",
        "seconds",
        "Kontaktmåten måles allerede i working_days.",
    ),
    # ---- contacts
    Broken(
        "a closed channel",
        append("contacts.csv", "c20,skogbanken,s4,chat,2022-W05,,,"),
        "contacts",
        20,
        "channel",
        "chat",
        "Kontaktmåten er ikke åpen hos «skogbanken».",
    ),
    Broken(
        "a channel the shopper cannot use",
        replace(
            "shoppers.csv",
            "Viken,telephone email chat messenger",
            "Viken,telephone chat messenger",
        ),
        "contacts",
        13,
        "channel",
        "email",
        "«s6» kan ikke bruke kontaktmåten.",
    ),
    Broken(
        "a pair that must never meet",
        append("contacts.csv", "c20,fjellbanken,s6,telephone,2022-W05,,,"),
        "contacts",
        20,
        "shopper",
        "s6",
        "«s6» og «fjellbanken» skal aldri møtes («relations», rad 2).",
    ),
    Broken(
        "a second meeting",
        append("contacts.csv", "c20,skogbanken,s1,telephone,2022-W05,,,"),
        "contacts",
        20,
        "shopper",
        "s1",
        "«s1» møter «skogbanken» også i rad 10.",
    ),
    Broken(
        "a reversed availability",
        replace(
            "shoppers.csv",
            "channels,max_contacts\ns1,Anne Ås,s1@example.test,1960,female,Oslo,telephone email chat messenger,5\n"
            "s2,Bjørn Øye,s2@example.test,1975,male,Vestland,telephone email chat messenger,5\n"
            "s3,Cecilie Dahl,s3@example.test,1988,female,Trøndelag,telephone email chat messenger,5\n"
            "s4,David Lie,s4@example.test,1999,male,Nordland,telephone email chat messenger,5\n"
            "s5,Eva Moe,s5@example.test,1970,female,Agder,telephone email chat messenger,5\n"
            "s6,Farid Aziz,s6@example.test,2001,male,Viken,telephone email chat messenger,5\n",
            "channels,max_contacts,available_from,available_to\n"
            "s1,Anne Ås,s1@example.test,1960,female,Oslo,telephone email chat messenger,5,2022-01-20,2022-01-10\n"
            "s2,Bjørn Øye,s2@example.test,1975,male,Vestland,telephone email chat messenger,5,,\n"
            "s3,Cecilie Dahl,s3@example.test,1988,female,Trøndelag,telephone email chat messenger,5,,\n"
            "s4,David Lie,s4@example.test,1999,male,Nordland,telephone email chat messenger,5,,\n"
            "s5,Eva Moe,s5@example.test,1970,female,Agder,telephone email chat messenger,5,,\n"
            "s6,Farid Aziz,s6@example.test,2001,male,Viken,telephone email chat messenger,5,,\n",
        ),
        "shoppers",
        2,
        "available_to",
        "2022-01-10",
        "Perioden slutter før den begynner (2022-01-20).",
    ),
    # ---- answers
    Broken(
        "an answer of nobody",
        append("answers.csv", "c04,callback,no,"),
        "answers",
        171,
        "contact",
        "c04",
        "Bare besvarte henvendelser har svar; denne har utfallet no_answer.",
    ),
    Broken(
        "a question of another channel",
        append("answers.csv", "c02,listened,yes,"),
        "answers",
        171,
        "question",
        "listened",
        "Spørsmålet stilles ikke på kontaktmåten email.",
    ),
    Broken(
        "an option of another question",
        replace("answers.csv", "c03,personal,routine,", "c03,personal,several,"),
        "answers",
        24,
        "option",
        "several",
        "Spørsmålet «personal» har ikke dette svaralternativet.",
    ),
    Broken(
        "two answers to a single question",
        append("answers.csv", "c03,personal,warm,"),
        "answers",
        171,
        "option",
        "warm",
        "Spørsmålet kan bare ha ett svar",
    ),
    Broken(
        "not applicable, but",
        replace(
            "options.csv",
            "name,neither,3,Ingen av delene,Neither,0,",
            "name,agent2,3,Ikke aktuelt,,,yes\nname,neither,3,Ingen av delene,Neither,0,",
        ),
        "answers",
        171,
        "option",
        "agent2",
        "«Ikke aktuelt» må stå alene",
    ),
    Broken(
        "a value outside the scale",
        replace("answers.csv", "c03,csat,,3", "c03,csat,,6"),
        "answers",
        32,
        "value",
        "6",
        "Verdien må være fra 1 til 5.",
    ),
    Broken(
        "an option on a scale",
        replace("answers.csv", "c03,csat,,3", "c03,csat,yes,3"),
        "answers",
        32,
        "option",
        "yes",
        "Spørsmålet er en skala og besvares med en verdi.",
    ),
    Broken(
        "a value where options are",
        replace("answers.csv", "c03,personal,routine,", "c03,personal,routine,1"),
        "answers",
        24,
        "value",
        "1",
        "Spørsmålet besvares med et svaralternativ, ikke med en verdi.",
    ),
    Broken(
        "an answer that says nothing",
        replace("answers.csv", "c03,csat,,3", "c03,csat,,"),
        "answers",
        32,
        "value",
        "",
        "Verdien mangler. Fyll den ut, eller fjern raden.",
    ),
    Broken(
        "a required question left out",
        replace("answers.csv", "c03,csat,,3\n", ""),
        "contacts",
        4,
        "contact",
        "c03",
        "det påkrevde spørsmålet «csat» mangler svar. Legg svaret til i «answers».",
    ),
]


def _prepare(broken: Broken) -> dict[str, str]:
    files = tiny_files()
    broken.change(files)
    if broken.name == "not applicable, but":
        files["answers.csv"] += "c01,name,agent2,\n"
    return files


@pytest.mark.parametrize("form", ["folder", "zip", "xlsx"])
@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_one_fault_is_one_problem_at_its_place(broken: Broken, form: str, tmp_path: Path) -> None:
    path = write_form(_prepare(broken), form, tmp_path)

    with pytest.raises(PackageProblems) as raised:
        parse_package(path)

    suffix = "" if form == "xlsx" else ".csv"
    (problem,) = raised.value.problems
    assert (problem.file, problem.row, problem.column, problem.value) == (
        broken.table + suffix,
        broken.row,
        broken.column,
        broken.value,
    )
    assert broken.message in str(problem.message)
    assert raised.value.total == 1


def test_every_fault_is_reported_not_just_the_first(tmp_path: Path) -> None:
    files = tiny_files()
    done = [broken for broken in BROKEN if broken.name in {"negative points", "a second meeting", "an unknown class"}]
    for broken in done:
        broken.change(files)

    problems = problems_of(write_folder(files, tmp_path / "package"))

    assert {(problem.file, problem.row) for problem in problems} == {
        ("options.csv", 24),
        ("contacts.csv", 20),
        ("participants.csv", 4),
    }


def test_a_faulty_row_is_not_blamed_on_those_that_refer_to_it(tmp_path: Path) -> None:
    files = tiny_files()
    replace("shoppers.csv", "s1@example.test,1960", "s1@example.test,196o")(files)

    (problem,) = problems_of(write_folder(files, tmp_path / "package"))

    assert (problem.file, problem.row, problem.column, problem.value) == ("shoppers.csv", 2, "birth_year", "196o")


def test_a_missing_column_is_one_problem_and_not_one_per_row(tmp_path: Path) -> None:
    files = tiny_files()
    replace("classes.csv", "class,name_nb,name_en\nbank,Bank,Bank\nenergi,Energi,Energy", "class\nbank\nenergi")(files)

    (problem,) = problems_of(write_folder(files, tmp_path / "package"))

    assert (problem.file, problem.row, problem.column) == ("classes.csv", 1, "name_nb")
    assert str(problem.message) == "Kolonnen mangler. Legg den til i overskriftsraden."


@pytest.mark.parametrize(
    ("file", "content", "row", "value", "message"),
    [
        pytest.param(
            "classes.csv",
            "class;name_nb\nbank;Bank\nmøbel;M\n".encode("cp1252"),
            3,
            "møbel;M",
            "trolig som Windows-1252",
            id="Excel's own CSV",
        ),
        pytest.param(
            "classes.csv", "class,name_nb\nbank,Bank\n".encode("utf-16"), 1, "", "lagret som UTF-16", id="UTF-16"
        ),
        pytest.param("classes.csv", b"class,name_nb\nbank,\x90\n", 2, "bank,�", "(byte 0x90)", id="no encoding at all"),
        pytest.param("classes.csv", b"class,name_nb\nbank,Ba\0nk\n", 2, "", "NUL-tegn", id="NUL"),
        pytest.param(
            "classes.csv",
            b'class,name_nb\nbank,"Bank\nenergi,Energi\n',
            2,
            "",
            "Et anførselstegn er åpnet, men aldri lukket.",
            id="quote",
        ),
        pytest.param(
            "classes.csv", b'class,name_nb\nbank,"Bank" AS\n', 2, "", "Anførselstegnene går ikke opp", id="after quote"
        ),
        pytest.param(
            "classes.csv",
            b"class,name_nb\nbank,Bank\nenergi\n",
            3,
            "",
            "Cellen er tom. Fyll den ut.",
            id="short row",
        ),
        pytest.param(
            "classes.csv",
            b"class,name_nb\nbank,Bank, Finans\nenergi,Energi\n",
            2,
            "Finans",
            "Raden har 3 celler, men overskriften 2.",
            id="long row",
        ),
        pytest.param(
            "classes.csv",
            b"class,name_nb,\nbank,Bank,x\nenergi,Energi,\n",
            2,
            "x",
            "kolonne uten overskrift",
            id="stray cell",
        ),
        pytest.param(
            "classes.csv",
            b"class,name_nb\nbank,Ba\rnk\n",
            2,
            "",
            "Det er et linjeskift midt i en celle.",
            id="bare carriage return",
        ),
        pytest.param(
            "classes.csv",
            b'class,name_nb\nbank,"' + b"x" * 140_000 + b"\n",
            2,
            "",
            "En celle er altfor lang.",
            id="endless cell",
        ),
        pytest.param(
            "edition.csv",
            tiny_files()["edition.csv"].replace("Prøveprisen\n", "Prøve, prisen\n").encode(),
            3,
            "prisen",
            "Raden har 3 celler, men overskriften 2.",
            id="long setting",
        ),
    ],
)
@pytest.mark.parametrize("form", ["folder", "zip"])
def test_what_only_csv_can_get_wrong(
    file: str, content: bytes, row: int, value: str, message: str, form: str, tmp_path: Path
) -> None:
    files: dict[str, str | bytes] = {**tiny_files(), file: content}
    write = write_folder if form == "folder" else write_zip

    problem = problems_of(write(files, tmp_path / "package"))[0]

    assert (problem.file, problem.row, problem.value) == (file, row, value)
    assert message in str(problem.message)


def test_an_unreadable_file_is_not_blamed_on_those_that_refer_to_it(tmp_path: Path) -> None:
    content = "shopper;name\ns1;Bjørn\n".encode("cp1252")
    files: dict[str, str | bytes] = {**tiny_files(), "shoppers.csv": content}

    problems = problems_of(write_folder(files, tmp_path / "package"))

    assert {problem.file for problem in problems} == {"shoppers.csv"}


def test_a_control_character_is_named(tmp_path: Path) -> None:
    files = tiny_files()
    append("comments.csv", "c02,agent,Hei\x07der")(files)

    (problem,) = problems_of(write_folder(files, tmp_path / "package"))

    assert problem.value == "Hei\\u0007der"
    assert "(U+0007)" in str(problem.message)


def test_the_first_200_problems_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    files = tiny_files()
    append("relations.csv", *(f"nobody{number},fjellbanken,other" for number in range(1000)))(files)

    with pytest.raises(PackageProblems) as raised:
        parse_package(write_folder(files, tmp_path / "package"))

    assert len(raised.value.problems) == 200
    assert raised.value.total == 1000
    assert str(raised.value).splitlines()[0] == (
        "relations.csv, rad 4, kolonne «shopper», verdi «nobody0»: Koden finnes ikke i «shoppers»."
    )
    assert str(raised.value).splitlines()[-1] == "… og 800 feil til."


def test_reading_a_bad_package_changes_nothing(tmp_path: Path) -> None:
    files = tiny_files()
    append("relations.csv", "s7,fjellbanken,other")(files)
    path = write_folder(files, tmp_path / "package")
    before = {entry.name: (entry.read_bytes(), entry.stat().st_mtime_ns) for entry in path.iterdir()}

    problems_of(path)

    assert {entry.name: (entry.read_bytes(), entry.stat().st_mtime_ns) for entry in path.iterdir()} == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["package"]


def problems_of(path: Path) -> tuple[PackageProblem, ...]:
    """What is found wrong with the package at `path`."""
    with pytest.raises(PackageProblems) as raised:
        parse_package(path)
    return raised.value.problems
