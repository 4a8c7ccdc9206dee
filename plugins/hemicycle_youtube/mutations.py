"""Changes of shows and episodes: their inputs, and the rules that they call."""

from datetime import datetime

import strawberry

from hemicycle.api import Space, id_of, mutation, value
from hemicycle_youtube import linking, questions, rules
from hemicycle_youtube.graphql import Episode, EpisodeLink, Show, ShowQuestion


@strawberry.input(description="A new show.")
class CreateShowInput:
    space: strawberry.ID = id_of("Where it belongs.", Space)
    title: str = value("What it is called.")
    description: str | None = value("What it is about.", strawberry.UNSET)
    channel: str | None = value("The id of its channel (UC…): new episodes are looked for there.", strawberry.UNSET)


@strawberry.input(description="What to change; what is not given stays.")
class UpdateShowInput:
    show: strawberry.ID = id_of("Which show.", Show)
    title: str | None = value("What it is called.", strawberry.UNSET)
    description: str | None = value("What it is about.", strawberry.UNSET)
    channel: str | None = value("The id of its channel; empty for none.", strawberry.UNSET)


@strawberry.input(description="A video to add to a show.")
class DeclareEpisodeInput:
    show: strawberry.ID = id_of("To which show.", Show)
    video: str = value("The address of the video, or its id.")


@strawberry.input(description="What the site does not tell.")
class DescribeEpisodeInput:
    episode: strawberry.ID = id_of("Which episode.", Episode)
    title: str = value("Its title.")
    description: str | None = value("What is written beside it; chapters are read from it.", strawberry.UNSET)
    duration: int | None = value("Seconds.", strawberry.UNSET)
    aired_at: datetime | None = value("When it was published.", strawberry.UNSET)


@strawberry.input(description="An episode.")
class EpisodeInput:
    episode: strawberry.ID = id_of("Which one.", Episode)


@strawberry.input(description="A text about an episode.")
class EpisodeTextInput:
    episode: strawberry.ID = id_of("Which episode.", Episode)
    text: str = value("The text; empty to take away what is there.")


@strawberry.input(description="A moment, and what is spoken of there.")
class LinkMomentInput:
    episode: strawberry.ID = id_of("Which episode.", Episode)
    target: strawberry.ID = id_of("What is spoken of: a contribution, a space, whatever has an id.")
    at: int = value("The second at which it begins.")
    until: int | None = value("The second at which it ends.", strawberry.UNSET)
    label: str | None = value("What is said of it, on one line.", strawberry.UNSET)


@strawberry.input(description="A link.")
class LinkInput:
    link: strawberry.ID = id_of("Which one.", EpisodeLink)


@strawberry.input(description="A question to a show.")
class AskQuestionInput:
    show: strawberry.ID = id_of("To which show.", Show)
    text: str = value("The question, in Markdown.")
    title: str | None = value("In a few words.", strawberry.UNSET)


@strawberry.input(description="A question that was asked in the show itself.")
class RecordQuestionInput:
    show: strawberry.ID = id_of("In which show.", Show)
    text: str = value("The question, as it was asked.")
    consent: bool = value("Whoever asked agrees that it is written down here.")
    display_name: str | None = value("How they want to be named.", strawberry.UNSET)
    episode: strawberry.ID | None = id_of("In which episode it was answered, if it was.", Episode, optional=True)
    at: int | None = value("At which second.", strawberry.UNSET)


@strawberry.input(description="Where a question is answered.")
class AnswerQuestionInput:
    question: strawberry.ID = id_of("Which question.", ShowQuestion)
    episode: strawberry.ID = id_of("In which episode of that show.", Episode)
    at: int = value("From which second on.")
    until: int | None = value("Until which second.", strawberry.UNSET)


@strawberry.type
class OnMutation:
    create_show: Show = mutation("Begin a show.", rules.create_show, CreateShowInput, action="youtube.create_show")
    update_show: Show = mutation(
        "Change what is said of a show.", rules.update_show, UpdateShowInput, action="youtube.update_show"
    )
    declare_episode: Episode = mutation(
        "Add a video to a show.", rules.declare, DeclareEpisodeInput, action="youtube.declare"
    )
    describe_episode: Episode = mutation(
        "Say by hand what the site of a video does not tell.", rules.describe, DescribeEpisodeInput,
        action="youtube.describe",
    )  # fmt: skip
    publish_episode: Episode = mutation(
        "Show an episode to everyone.", rules.publish, EpisodeInput, action="youtube.publish"
    )
    set_chapters: Episode = mutation(
        "The chapters by hand: `0:00 Title` on each line.", rules.set_chapters, EpisodeTextInput,
        action="youtube.describe",
    )  # fmt: skip
    set_transcript: Episode = mutation(
        "What is said in it: the text of a .vtt or .srt file.", rules.set_transcript, EpisodeTextInput,
        action="youtube.describe",
    )  # fmt: skip
    link_moment: EpisodeLink = mutation(
        "Say that a moment is about something.", linking.link, LinkMomentInput, action="youtube.link"
    )
    suggest_links: Episode = mutation(
        "Compare what is said with the contributions: moments that look alike wait for a person.", linking.suggest,
        EpisodeInput, action="youtube.link",
    )  # fmt: skip
    confirm_link: EpisodeLink = mutation(
        "Say that a suggestion is right.", linking.confirm, LinkInput, action="youtube.confirm"
    )
    unlink_moment: Episode = mutation(
        "Take a link or a suggestion away.", linking.unlink, LinkInput, action="youtube.unlink"
    )
    ask_question: ShowQuestion = mutation(
        "Ask a show something.", questions.ask, AskQuestionInput, action="youtube.ask"
    )
    record_question: ShowQuestion = mutation(
        "Write down what was asked in the show.", questions.record, RecordQuestionInput, action="youtube.record"
    )
    answer_question: ShowQuestion = mutation(
        "Say where in the show a question is answered.", questions.answer, AnswerQuestionInput, action="youtube.answer"
    )
