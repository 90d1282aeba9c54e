"""What the HTTP interface answers with; the OpenAPI document is generated from here."""

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")
AgentState = Literal["alive", "silent", "restarting", "dead", "unknown"]
ClockMode = Literal["virtual", "real"]
Level = Literal["ok", "warning", "critical", "unknown"]


class Record(BaseModel):
    """Base of every answer: frozen, and built only from the fields it names."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True, protected_namespaces=())


class Freshness(Record):
    """How old the newest measurement is, on the installation's clock."""

    age_s: float | None = Field(description="seconds since the end of the newest measured window, null before it")
    level: Level


class Listing(Record, Generic[T]):
    """One page of a list."""

    items: list[T]
    total: int
    limit: int
    offset: int
    next: str | None = Field(description="address of the next page, null on the last")
    snapshot_id: str = Field(description="names the data this was read from; equal ids mean equal data")
    data_freshness: Freshness


class Contribution(Record):
    """A feature and how far it moved the prediction (log-odds; positive is towards a surge)."""

    feature: str
    value: float | None = None
    contribution: float | None = None


class Member(Record):
    """A member of a blend: its share, what it says by itself, and whether the contributions are its."""

    model: str
    share: float = Field(description="weight among the members', from 0 to 1")
    probability: float
    explained: bool


class Trend(Record):
    """A hashtag as measured in the newest window."""

    hashtag: str
    window_end: datetime
    emerging: bool
    momentum: float | None
    novelty: float | None
    velocity: float | None
    acceleration: float | None
    volume: int | None
    new_videos: int | None
    unique_creators: int | None
    views_total: float | None
    views_gained: float | None
    delta_24h: float | None
    engagement_efficiency: float | None
    first_detected_at: datetime | None


class Theme(Record):
    """A cluster of hashtags that are used together, with what it gains now."""

    cluster_id: str = Field(description="the same as long as the cluster lives")
    at: datetime = Field(description="time of the clustering")
    theme_label: str
    label_source: str = Field(description="vocabulary, model, or members: named after its hashtags")
    size: int = Field(description="number of its hashtags")
    size_24h_ago: int | None = Field(description="null when it was not there")
    born_at: datetime
    views_gained: float | None = Field(description="of its hashtags in the newest window")
    growth_24h: float | None = Field(description="of the views of its hashtags whose totals are known, ratio")
    best_rank: int | None = Field(description="place of its best-ranked hashtag")
    best_hashtag: str | None
    members: list[str] = Field(description="nearest to the middle first")
    keywords: list[str] = Field(description="words of captions in the same cluster")


class Prediction(Record):
    """What a model says of a hashtag at a time."""

    hashtag: str
    at: datetime
    model_id: str
    rank: int | None = Field(description="null when there is too little of the tag to rank it")
    rank_score: float | None
    probability: float = Field(description="chance that its growth over the next 24 h is among the top 5 %")
    lower: float | None = Field(description="lower end of the 80 % interval")
    upper: float | None
    growth_p10: float | None
    growth_p50: float | None
    growth_p90: float | None
    alerted: bool
    contributions: list[Contribution]
    moved_by: str | None = Field(
        None, description="the three things that moved it, in words that pass the grounding rules"
    )
    members: list[Member] = Field([], description="of a blend, what each member says; empty for another model")
    feature_set: str


class PredictRequest(BaseModel):
    """Hashtags to be scored now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hashtags: list[Annotated[str, Field(min_length=1, max_length=150)]] = Field(
        min_length=1, max_length=1000, description="without #; case does not matter"
    )


class ScoredHashtag(Record):
    """What the champion says of a hashtag at this moment, from its newest features."""

    hashtag: str
    at: datetime = Field(description="end of the window its newest features belong to")
    probability: float = Field(description="chance that its growth over the next 24 h is among the top 5 %")
    lower: float | None = Field(description="lower end of the 80 % interval")
    upper: float | None
    growth_p10: float | None
    growth_p50: float | None
    growth_p90: float | None
    contributions: list[Contribution]
    moved_by: str | None
    members: list[Member] = Field([], description="of a blend, what each member says; empty for another model")


class Scored(Record):
    """The answer to a `PredictRequest`, in the order asked for."""

    model_id: str
    items: list[ScoredHashtag]
    unknown: list[str] = Field(description="hashtags of which nothing was measured in the last six hours")


class Outcome(Record):
    """What became of a hashtag in the 24 h after a time."""

    at: datetime
    growth_24h: float
    viral: bool
    surged_at: datetime | None
    resolved_at: datetime | None


class Call(Record):
    """A past prediction that was in the top ten or alerted, and what became of it."""

    hashtag: str
    at: datetime
    model_id: str
    rank: int | None
    probability: float
    lower: float | None
    upper: float | None
    alerted: bool
    first_call: bool = Field(description="the tag was not called in the 24 h before")
    outcome: Literal["hit", "miss", "open", "unknown"] = Field(
        description="open: the 24 h are not over; unknown: too few readings to tell"
    )
    growth_24h: float | None
    surged_at: datetime | None
    surged_after_h: float | None
    resolved_at: datetime | None


class Kpi(Record):
    """One figure with its 95 % interval."""

    computed_at: datetime
    period_start: datetime
    period_end: datetime
    model: str = Field(description="champion, or the name of a baseline")
    scope: str = Field(
        description="all; early: surges at least 6 h ahead; detection: 6 h after it; unseen: new since training"
    )
    name: str
    value: float | None
    lower: float | None
    upper: float | None
    n: int


class Quality(Record):
    """One check of one fetch window of readings."""

    window: datetime = Field(description="end of the fetch window")
    check: str
    entity: str = Field(description="the field, counter or reason it is about; empty for the whole")
    value: float = Field(description="mostly a share, 0 to 1")
    items: int = Field(description="number of things the share is of")
    threshold: float | None
    level: str = Field(description="ok, warning, or critical: the window reached neither metrics nor alerts")


class Narrative(Record):
    """A prediction explained in words, with the ids of the measurements it cites."""

    narrative_id: str
    at: datetime
    hashtag: str
    text: str = Field(description="the text that counts, a bullet a line: a person's where one edited it")
    cites: list[str]
    status: str = Field(description="accepted: written by a language model; template: filled in from the figures")
    prompt_version: str
    model: str = Field("", description="the language model that wrote it; empty for a template")
    checked: bool = Field(True, description="whether the text that counts passes the grounding rules")
    decision: str | None = Field(None, description="what a person last decided: ACCEPT, EDIT or REJECT")


class FeedbackRequest(BaseModel):
    """A person's decision about a narrative."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: Literal["ACCEPT", "EDIT", "REJECT"]
    text: str = Field("", max_length=2000, description="the edited text, for EDIT")
    reason: str = Field("", max_length=500)


class Feedback(Record):
    """A decision as it is kept."""

    narrative_id: str
    at: datetime
    decision: str
    judged: str = Field(description="the text that was judged")
    text: str = Field(description="the person's own; empty unless EDIT")
    reason: str
    prompt_id: str
    model: str
    violations: list[dict[str, Any]] = Field(description="what the grounding rules found in the text that counts now")


class NarrativeDetail(Record):
    """A narrative with all it stands on and all that people decided about it."""

    narrative: Narrative
    written: str = Field(description="the text as it was written")
    bullets: list[dict[str, Any]]
    evidence: dict[str, Any]
    feedback: list[Feedback] = Field(description="the last one first")


class PromptVersion(Record):
    """One version of a prompt and what came of it."""

    prompt_id: str
    name: str
    version: int
    digest: str
    source: str = Field(description="shipped with the software, or refined here")
    in_use: bool
    added_at: datetime
    first_used_at: datetime | None
    last_used_at: datetime | None
    models: list[str]
    asked: int = Field(description="questions, second tries included; texts, for a template")
    accepted: int
    refused: int
    unanswered: int
    acceptance: float | None = Field(description="accepted by the rules / answered")
    violations: dict[str, int]
    people_accept: int
    people_edit: int
    people_reject: int
    narrative_acceptance: float | None = Field(description="ACCEPT / (ACCEPT + EDIT + REJECT), by people")
    narrative_edit_share: float | None


class Alert(Record):
    """A message to people and what became of it."""

    key: str
    kind: str
    hashtag: str | None
    raised_at: datetime
    title: str
    body: str
    status: str
    attempts: int
    receipt: str | None
    sent_at: datetime | None


class BacklogItem(Record):
    """One thing to improve."""

    title: str
    category: str
    trigger: str
    hypothesis: str
    success_metric: str
    target_delta: str
    owner: str
    review_date: date
    status: str
    created_at: datetime


class Model(Record):
    """A trained model and what it was trained on."""

    model_id: str
    kind: str
    aliases: list[str]
    created_at: datetime
    training_set: dict[str, Any]
    features: list[str]
    metrics: dict[str, Any]
    importance: dict[str, Any]
    data_hash: str


class Change(Record):
    """An entry of the change log."""

    change_id: str
    at: datetime
    kind: str
    title: str
    evidence: dict[str, Any]


class Measurement(Record):
    """One window of a hashtag's history."""

    window_end: datetime
    views_total: float | None
    views_gained: float | None
    volume: int | None
    unique_creators: int | None
    momentum: float | None
    novelty: float | None
    engagement_efficiency: float | None
    emerging: bool


class HashtagDetail(Record):
    """Everything known of one hashtag over the last days."""

    hashtag: str
    first_detected_at: datetime | None
    now: Trend | None
    metrics: list[Measurement]
    predictions: list[Prediction]
    outcomes: list[Outcome]
    narratives: list[Narrative]
    snapshot_id: str
    data_freshness: Freshness


class Agent(Record):
    """One of the nine agents."""

    name: str
    state: AgentState
    pid: int | None
    restarts: int
    started_at: datetime | None
    last_event: str | None
    last_event_at: datetime | None
    last_job: str | None
    last_job_status: str | None
    last_job_at: datetime | None
    last_job_error: str | None


class Job(Record):
    """One run of a job for one slot."""

    job: str
    slot: datetime
    status: str
    owner: str
    attempts: int
    started_at: datetime
    finished_at: datetime | None
    error: str | None


class Progress(Record):
    """Where the first simulated days stand."""

    phase: Literal["history", "live"]
    done_days: float
    total_days: float
    now: datetime | None = None
    speed: float | None = Field(None, description="simulated seconds a second, when known")


class Units(Record):
    """EnsembleData units of the day."""

    day: date
    used: int
    cap: int | None
    by_endpoint: list[dict[str, Any]]


class Source(Record):
    """Where posts come from."""

    kind: str
    simulated: bool


class Status(Record):
    """How the installation is doing."""

    now: datetime
    clock: ClockMode
    source: Source
    agents: list[Agent]
    jobs: list[Job]
    progress: Progress | None
    units: Units
    champion: str | None
    trained: bool
    latency_s: dict[str, float] = Field(description="table -> median seconds from a reading to its row there")
    versions: dict[str, int]
    software: dict[str, str]
    snapshot_id: str
    data_freshness: Freshness


class Health(Record):
    """Whether this process answers."""

    status: Literal["ok"]
    charts: bool = Field(description="whether the pages' JavaScript was fetched")
    detail: str
