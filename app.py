"""Settings → Advisor → channels → one FastAPI app; and the command line.

python app.py                    serve
python app.py serve              serve, at --host and --port
python app.py ask "…"            answer one question; --region, --as-of, --json
python app.py calculate PROGRAM heads=5 …   one figure with its working; --as-of
python app.py screen REGION degree=master … everything a person can get there; --as-of
python app.py verify ANSWER.json hold an answer against the knowledge it names
python app.py index              bring the index up to date
python app.py mcp                the tools for other agents, on standard input and output
python app.py ingest FILE …      what new documents say, written as drafts; --json, --dry-run
python app.py publish ID --by NAME   let a draft answer; likewise review, retire, rollback
python app.py backup FILE        the whole data folder in one file, also while it serves
python app.py restore FILE       and back; --replace where there are data
python app.py diff OLD NEW       which clauses, figures and programs a new version touches
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, nullcontext
from dataclasses import fields
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from time import monotonic

import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from starlette.routing import Route
from tqdm import tqdm

from bot.advisor import Advisor
from bot.answering.messages import LABEL, sentences
from bot.answering.render import answer_json
from bot.answering.settle import Settler
from bot.backup import backup, restore
from bot.calculator.describe import describe, describe_screening
from bot.calculator.tools import Calculator
from bot.channels import (
    api,
    asking,
    calculating,
    chat,
    documents,
    health,
    interview,
    mcp,
    openai,
    pages,
)
from bot.channels.callers import Callers
from bot.channels.headers import guard
from bot.channels.limits import limit
from bot.channels.pages import Pages
from bot.channels.site import Site, WrongSetting
from bot.channels.wechat import router as wechat
from bot.channels.wechat.account import Account
from bot.llm.limits import Allowance
from bot.llm.place import ModelPlace, UnusableModel
from bot.publishing import difference, examine
from bot.publishing.shelf import NotDone, Shelf
from bot.records.database import NoDatabase
from bot.records.store import Records
from bot.renewal import LiveAdvisor, watching
from bot.tools import Tools
from bot.types import Answer, Question
from bot.understanding.repair import Repairer
from embeddings.encoder import DamagedModel, Encoder, folder_of
from embeddings.index import DamagedIndex, OlderIndex, is_of_another_encoder, update
from embeddings.search import ClauseRetriever, Weights
from embeddings.wording import Wording
from knowledge import archive, programs, terms, verifier
from knowledge.corpus import SHIPPED, Corpus, load
from knowledge.facts import parse_day
from knowledge.programs import AUDIENCES
from knowledge.regions import Regions

CHINA = timezone(timedelta(hours=8))  # one zone, no summer time


class Settings(BaseSettings):
    """What may be set from outside, as ADVISOR_<NAME>; none is needed."""

    model_config = SettingsConfigDict(env_prefix="ADVISOR_")

    data_dir: Path = Path("data")  # everything the product writes
    encoder: str = ""  # a sentence-transformers model, by folder or by name; default: the one that ships
    database_url: str = ""  # default: SQLite in the data folder
    keep_days: int = 30  # conversations are erased after so many days
    host: str = "127.0.0.1"
    port: int = 7860
    wechat_appid: str = ""  # the channel in WeChat is off until it is configured, see docs/wechat.md
    wechat_secret: str = ""
    wechat_token: str = ""
    wechat_aes_key: str = ""
    wechat_kind: str = "mini_program"  # or official_account
    wechat_api: str = "https://api.weixin.qq.com"
    keys: tuple[str, ...] = ()  # of programs that may call /v1 and /mcp, as JSON; none: any program may
    calls_per_minute: int = Field(default=60, ge=1)  # to /v1 and /mcp together, by one such program
    llm_url: str = ""  # an OpenAI-compatible address, like http://127.0.0.1:8000/v1; none: no model
    llm_model: str = ""  # the model's name there
    llm_key: SecretStr = SecretStr("")
    llm_folder: Path | None = None  # a transformers model on this machine, instead of an address
    llm_hosts: tuple[str, ...] = ()  # hosts outside this network that may be called, as JSON
    llm_seconds: float = Field(default=4.0, gt=0)  # for one answer; then the built-in one goes out
    llm_characters: int = Field(default=100_000, ge=0)  # sent and received in a day for one visitor
    llm_characters_all: int = Field(default=10_000_000, ge=0)  # for all of them together
    origins: tuple[str, ...] = ()  # other sites whose pages may call /api, as JSON: ["https://…"]
    frame_ancestors: tuple[str, ...] = ()  # other sites whose pages may show ours in a frame, likewise
    asks_per_minute: int = 30  # of one visitor, on the pages; 0 is no limit
    operator: str = ""  # 主办单位; this and the following stand on the pages, 未配置 where they are empty
    supporter: str = ""  # 技术支持
    phone: str = ""  # the operator's own
    complaints: str = ""  # 投诉方式和答复时限
    site_code: str = ""  # 政府网站标识码
    icp: str = ""  # ICP备案号
    police: str = ""  # 公安备案号
    model_filing: str = ""  # the model's name and filing number
    algorithm_filing: str = ""  # 算法备案号
    producer: str = ""  # 服务提供者编码, for the implicit mark in exported files

    @property
    def index(self) -> Path:
        return self.data_dir / "index"

    @property
    def archive(self) -> Path:
        return self.data_dir / "archive"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'records.sqlite3'}"

    @property
    def site(self) -> Site:
        """Who runs the service, and what its pages are held to."""
        return Site(**{part.name: getattr(self, part.name) for part in fields(Site)})

    def wechat(self) -> Account | None:
        """Return the account in WeChat; None when none is configured.

        Raises:
            WrongSetting: it is configured wrongly.
        """
        names = (name for name in type(self).model_fields if name.startswith("wechat_"))
        return Account.read({f"ADVISOR_{name.upper()}": getattr(self, name) for name in names})


def now() -> datetime:
    return datetime.now(CHINA)


# ── settings → Advisor ───────────────────────────────────────────────────────────────────────


def knowledge(settings: Settings) -> tuple[Corpus, Regions]:
    """Return what the policies say; a folder with a mistake is named on the error output."""
    regions = Regions.shipped()
    corpus = load(_folders(settings), regions)
    _tell(corpus.refused)
    return corpus, regions.covering({policy.region for policy in corpus.policies.values()})


def calculator(settings: Settings, corpus: Corpus, regions: Regions) -> Calculator:
    """Return the calculator over the programs of these policies; a file with a mistake is named."""
    loaded = programs.load(corpus.policies, _folders(settings))
    _tell(loaded.refused)
    return Calculator(loaded, regions)


def _folders(settings: Settings) -> tuple[Path, Path]:
    return SHIPPED, settings.data_dir / "policies"


def _tell(refused: Iterable[object]) -> None:
    for refusal in refused:
        print(f"没有载入:{refusal}", file=sys.stderr)


def load_encoder(settings: Settings) -> Encoder:
    """Return the encoder that is set; that the index will be built anew for it is told.

    Raises:
        DamagedModel: it cannot be loaded.
    """
    encoder = Encoder.load(folder_of(settings.encoder))
    if is_of_another_encoder(settings.index, encoder):
        print(f"编码器换了,现在用它重建索引:{settings.encoder or '自带的编码器'}", file=sys.stderr)
    return encoder


@contextmanager
def advisor(settings: Settings, encoder: Encoder | None = None) -> Iterator[Advisor]:
    """Yield the advisor, ready to answer, and close what it holds open.

    Raises:
        DamagedIndex: the index cannot be read; `python app.py index` rebuilds it.
        DamagedModel: the encoder cannot be loaded.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    corpus, regions = knowledge(settings)
    encoder = encoder or load_encoder(settings)
    if (settings.index / "manifest.json").exists() and not is_of_another_encoder(settings.index, encoder):
        try:
            ClauseRetriever(corpus, encoder, settings.index).close()  # a damaged one is told, not mended
        except OlderIndex as older:
            print(f"索引是旧版本的,现在重建:{older}", file=sys.stderr)
    texts = (policy.text for policy in corpus.policies.values())
    repairer = Repairer(terms.load(), texts, Wording.load(), terms.english())
    with assembled(settings, corpus, regions, encoder, repairer) as made, with_model(settings, made) as whole:
        yield whole


@contextmanager
def with_model(settings: Settings, answering: Advisor) -> Iterator[Advisor]:
    """Yield the advisor with the model that is configured, or as it is where none is.

    Raises:
        UnusableModel: what is configured cannot or may not be used.
    """
    place = ModelPlace(
        settings.llm_url,
        settings.llm_model,
        settings.llm_key.get_secret_value(),
        settings.llm_folder,
        settings.llm_hosts,
    )
    if not place:
        yield answering
        return
    from bot.llm.assistant import assisted  # with their vendors they take seconds to import
    from bot.llm.model import open_model

    allowance = Allowance(settings.llm_characters, settings.llm_characters_all, monotonic)
    with assisted(answering, open_model(place), settings.llm_seconds, allowance, monotonic) as with_a_model:
        yield with_a_model


@contextmanager
def assembled(
    settings: Settings,
    corpus: Corpus,
    regions: Regions,
    encoder: Encoder,
    repairer: Repairer,
    weights: Weights | None = None,
) -> Iterator[Advisor]:
    """Yield an advisor of these parts; the evaluation takes one away to see what it brings."""
    update(settings.index, corpus, encoder)
    retriever = ClauseRetriever(corpus, encoder, settings.index, weights)
    records = Records.open(settings.database, settings.keep_days)
    try:
        computing = calculator(settings, corpus, regions)
        settler = Settler(corpus, regions, retriever, encoder, computing)
        archived = archive.content(computing.programs, regions, sentences(), LABEL)
        version = archive.keep(settings.archive, archived)
        yield Advisor(settler, records, repairer, version, health.observe)
    finally:
        retriever.close()
        records.close()


@contextmanager
def live(settings: Settings) -> Iterator[LiveAdvisor]:
    """Yield an advisor that takes in what is published while it serves."""
    encoder = load_encoder(settings)
    held = [ExitStack()]
    serving = LiveAdvisor(held[0].enter_context(advisor(settings, encoder)))

    def renew() -> None:
        following = ExitStack()
        serving.go_over(following.enter_context(advisor(settings, encoder)))
        held.append(following)
        if len(held) > 2:  # one is kept for the answers that are on their way
            held.pop(0).close()

    try:
        with watching(settings.data_dir / "policies", renew):
            yield serving
    finally:
        for stack in reversed(held):
            stack.close()


# ── Advisor → one app ────────────────────────────────────────────────────────────────────────


def build(
    answering: Advisor,
    clock: Callable[[], datetime],
    *,
    account: Account | None = None,
    callers: Callers | None = None,
    site: Site | None = None,
) -> FastAPI:
    """Return the one app: the contract under /api, the pages, the chat, the doors of other programs."""
    channel = wechat.channel(account, answering, clock) if account else None
    expiring = [answering.records.expire, *([channel.mailbox.expire] if channel else [])]
    callers = callers or Callers((), 60, monotonic)
    frame = Pages(answering, clock, site or Site())
    agents = mcp.Endpoint(Tools(answering).tools(), callers, frame.site.origins)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        forgetting = asyncio.create_task(_forget(expiring, clock))
        async with agents.running(), channel.open() if channel else nullcontext():
            yield
        forgetting.cancel()

    app = FastAPI(
        title="就业创业政策问答",
        docs_url=None,  # the pages of Swagger and Redoc load scripts from elsewhere
        redoc_url=None,
        openapi_url="/api/openapi.json",
        max_body_size=api.LARGEST_BODY,
        lifespan=life,
    )
    api.handle_problems(app)
    app.include_router(api.router(answering, clock))
    app.include_router(openai.router(answering, clock, callers))
    app.include_router(health.router(answering))
    app.router.routes.append(Route("/mcp", agents))  # as it is: a mount would answer at /mcp/ only
    for page in (pages, documents, asking, calculating, interview):
        app.include_router(page.router(frame))
    if channel:
        app.include_router(wechat.router(channel))
    app.mount("/static", StaticFiles(directory=pages.STATIC))
    limit(app, frame.site.asks_per_minute)
    guard(app, frame.site.origins, frame.site.frame_ancestors)
    return chat.mount(app, frame)


async def _forget(expiring: Sequence[Callable[[datetime], object]], clock: Callable[[], datetime]) -> None:
    """Erase what has been kept long enough, now and every hour."""
    while True:
        try:
            for expire in expiring:
                await asyncio.to_thread(expire, clock())
        except Exception:  # a database that is away for an hour must not end the forgetting for ever
            logging.getLogger(__name__).exception("forgetting failed; it is tried again in an hour")
        await asyncio.sleep(3600)


# ── the command line ─────────────────────────────────────────────────────────────────────────


def serve(settings: Settings) -> int:
    account = settings.wechat()  # before the index is read: what is wrong is told at once
    with live(settings) as answering:
        print(f"政策问答已就绪:http://{settings.host}:{settings.port}/chat", flush=True)
        uvicorn.run(
            build(
                answering,
                now,
                account=account,
                callers=Callers(settings.keys, settings.calls_per_minute, monotonic),
                site=settings.site,
            ),
            host=settings.host,
            port=settings.port,
            log_level="warning",
        )
    return 0


def ask(settings: Settings, given: argparse.Namespace) -> int:
    """Print one answer; 2 where the region is none."""
    with advisor(settings) as answering:
        if given.region is not None and answering.regions.resolve(given.region) is None:
            print(f"--region:不认识地区“{given.region}”,请写城市或区县的名称或代码", file=sys.stderr)
            return 2
        asked = now()
        answer = answering.answer(Question(given.message, given.as_of or asked.date(), given.region), asked)
    print(json.dumps(answer_json(answer), ensure_ascii=False, indent=2) if given.json else told(answer))
    return 0


def told(answer: Answer) -> str:
    """Return the answer for a terminal: the text without Markdown, its sources, the AI mark."""
    sources = [
        f"[{c.n}] 《{c.title}》{c.label}({c.policy}#{c.clause})\n    {c.quote}" for c in answer.citations
    ]
    return "\n\n".join((answer.text.replace("**", ""), *sources, answer.label))


def calculate(settings: Settings, given: argparse.Namespace) -> int:
    """Print one determination; 2 when the input was refused."""
    corpus, regions = knowledge(settings)
    found = calculator(settings, corpus, regions).calculate(
        given.program, dict(given.facts), given.as_of or now().date()
    )
    return _print(found, describe(found), given.json)


def screen(settings: Settings, given: argparse.Namespace) -> int:
    """Print everything one person can get in a region; 2 when the input was refused."""
    corpus, regions = knowledge(settings)
    found = calculator(settings, corpus, regions).screen(
        given.region, dict(given.facts), given.as_of or now().date(), given.audience
    )
    return _print(found, describe_screening(found), given.json)


def _print(found: Mapping[str, object], words: str, as_json: bool) -> int:
    print(json.dumps(found, ensure_ascii=False, indent=2) if as_json else words)
    return 2 if "error" in found else 0


def verify(settings: Settings, given: argparse.Namespace) -> int:
    """Print what is wrong with an answer's JSON; 1 when anything is, 2 when it cannot be told."""
    path: Path = given.answer
    try:
        answer = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        known = archive.read(settings.archive, answer["knowledge"])
        wrong = list(verifier.problems(answer, known))
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"无法核验 {path}:{type(error).__name__} {error}", file=sys.stderr)
        return 2
    print("\n".join(wrong) if wrong else f"核验通过:{answer['code']},每个数、引文、日期和结论都有出处")
    return 1 if wrong else 0


def index(settings: Settings, _: argparse.Namespace) -> int:
    corpus = knowledge(settings)[0]
    done = update(settings.index, corpus, load_encoder(settings))
    state = "已更新" if done.changed else "已是最新"
    print(f"索引{state}:共 {done.rows} 条,新编码 {done.encoded} 条,沿用 {done.reused} 条")
    return 1 if corpus.refused else 0


def offer_tools(settings: Settings, _: argparse.Namespace) -> int:
    with advisor(settings) as answering:
        asyncio.run(mcp.on_standard_streams(Tools(answering).tools()))
    return 0


def ingest(settings: Settings, given: argparse.Namespace) -> int:
    """Print what each file says and write it as a draft; 2 when one was refused."""
    corpus, regions = knowledge(settings)
    policies = shelf(settings)
    refused = 0
    files = tqdm(list(_files(given.files)), unit="份", disable=None)  # on a terminal only
    for found in examine.examine_all(files, regions, corpus):
        try:
            drafted = None
            if isinstance(found, examine.Examined) and not given.dry_run:
                drafted = policies.draft(found, given.id, given.region)
        except NotDone as error:
            found = examine.Unreadable(found.path, str(error), "请核对后再导入这一份")
        refused += isinstance(found, examine.Unreadable)
        if given.json:
            written = {"policy": drafted.policy_id} if drafted else {}
            print(json.dumps({**examine.examined_json(found), **written}, ensure_ascii=False), flush=True)
            continue
        print(examine.told(found))
        if drafted:
            print(f"  草稿  {drafted.policy_id}(项目草稿 {drafted.proposals} 个):{drafted.place}", flush=True)
            print(f"  核对后发布:python app.py publish {drafted.policy_id} --by 姓名", flush=True)
    return 2 if refused else 0


def shelf(settings: Settings) -> Shelf:
    """Return the policies that staff add."""
    return Shelf(settings.data_dir / "policies", SHIPPED, Regions.shipped())


_DONE = {"review": "已签核", "publish": "已发布", "retire": "已停用", "rollback": "已退回"}


def step(settings: Settings, given: argparse.Namespace) -> int:
    """Take a policy one step on, or back, by a named person; without an id, list what there is."""
    policies = shelf(settings)
    if given.id is None:
        for entry in policies.entries():
            print(f"{entry.policy_id:<24} {entry.status:<10} {entry.title} {entry.reviewed_by}")
        return 0
    try:
        if given.command == "review" and given.by is None:
            print((policies.folder / policies.policy(given.id).policy_id / "policy.toml").read_text("utf-8"))
            return 0
        getattr(policies, given.command)(given.id, given.by or "", now())
    except NotDone as error:
        print(str(error), file=sys.stderr)
        return 2
    print(f"{_DONE[given.command]}:{given.id};正在运行的服务会在几秒内换上")
    return 0


def compare(settings: Settings, given: argparse.Namespace) -> int:
    """Print which clauses, figures and programs a new version touches."""
    policies = shelf(settings)
    try:
        old, new = policies.policy(given.old), policies.policy(given.new)
    except NotDone as error:
        print(str(error), file=sys.stderr)
        return 2
    loaded = programs.load({old.policy_id: old}, _folders(settings))
    found = difference.difference(old, new, tuple(loaded.programs.values()))
    print(json.dumps(difference.as_json(found), ensure_ascii=False) if given.json else difference.told(found))
    return 0


def save(settings: Settings, given: argparse.Namespace) -> int:
    """Write a backup, or put one back; 2 when that was refused."""
    places = (given.file, settings.data_dir, settings.database, shelf(settings))
    try:
        if given.command == "backup":
            saved = backup(*places, now())
        else:
            saved = restore(*places, replace=given.replace)
    except NotDone as error:
        print(str(error), file=sys.stderr)
        return 2
    done = "已备份" if given.command == "backup" else "已恢复"
    print(f"{done}:{given.file}(记录 {saved.rows} 行,文件 {saved.files} 个;索引会自己重建)")
    return 0


def _files(named: Sequence[Path]) -> Iterator[Path]:
    """Yield the files, and those within the folders."""
    for path in named:
        yield from sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else (path,)


def day(written: str) -> date:
    read = parse_day(written)
    if read is None:
        raise argparse.ArgumentTypeError(f"没有“{written}”这一天,请写成 2024-06-01 这样")
    return read


def fact(written: str) -> tuple[str, object]:
    """Return name and value of heads=5; what is no JSON is taken as words."""
    name, equals, value = written.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"“{written}”应写成 名称=值,如 heads=5")
    try:
        return name, json.loads(value, parse_float=Decimal)
    except ValueError:
        return name, value


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="app.py", description="就业创业政策问答")
    commands = parser.add_subparsers(dest="command")
    serving = commands.add_parser("serve", help="启动网页和接口(不写命令时就是它)")
    serving.add_argument("--host")
    serving.add_argument("--port", type=int)
    asking = commands.add_parser("ask", help="回答一个问题")
    asking.add_argument("message")
    asking.add_argument("--region", help="城市或区县")
    asking.add_argument("--as-of", type=day, metavar="YYYY-MM-DD", help="按哪一天的规定看")
    asking.add_argument("--json", action="store_true", help="输出完整的 JSON")
    calculating = commands.add_parser("calculate", help="算一个项目")
    calculating.add_argument("program", help="如 “hangzhou-2023 2.3.17:jobs”")
    screening = commands.add_parser("screen", help="对照一个地区的全部项目")
    screening.add_argument("region", help="如 杭州")
    screening.add_argument("--audience", help="、".join(AUDIENCES))
    for computing in (calculating, screening):
        computing.add_argument("facts", nargs="*", type=fact, metavar="名称=值", help="null 是不愿说")
        computing.add_argument("--as-of", type=day, metavar="YYYY-MM-DD", help="按哪一天算,默认今天")
        computing.add_argument("--json", action="store_true", help="输出完整的 JSON")
    verifying = commands.add_parser("verify", help="核验一个答复的 JSON")
    verifying.add_argument("answer", type=Path, metavar="ANSWER.json")
    commands.add_parser("index", help="更新索引;重复运行无妨")
    commands.add_parser("mcp", help="给别的智能体用的工具(MCP,标准输入输出)")
    ingesting = commands.add_parser("ingest", help="读新文件")
    ingesting.add_argument("files", nargs="+", type=Path, metavar="文件", help="文件,或装着文件的文件夹")
    ingesting.add_argument("--json", action="store_true", help="每份文件输出一行 JSON")
    ingesting.add_argument("--dry-run", action="store_true", help="只看,不写入")
    ingesting.add_argument("--id", help="编号,如 hangzhou-2024;不写就按地区和年份起")
    ingesting.add_argument("--region", help="文件没有写明地区时")
    for name, words in (
        ("review", "看草稿;加 --by 签核"),
        ("publish", "发布,开始答复"),
        ("retire", "停用,不再答复"),
        ("rollback", "退回上一步"),
    ):
        stepping = commands.add_parser(name, help=words)
        stepping.add_argument("id", nargs="?", help="文件编号;不写就列出全部")
        stepping.add_argument("--by", metavar="姓名", help="谁做的")
    commands.add_parser("backup", help="备份整个数据文件夹").add_argument("file", type=Path)
    restoring = commands.add_parser("restore", help="从备份恢复")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--replace", action="store_true", help="换掉已有的会话和文件")
    comparing = commands.add_parser("diff", help="新旧两份文件差在哪里")
    comparing.add_argument("old")
    comparing.add_argument("new")
    comparing.add_argument("--json", action="store_true", help="输出 JSON")
    return parser


_COMMANDS: Mapping[str, Callable[[Settings, argparse.Namespace], int]] = {
    "ask": ask,
    "calculate": calculate,
    "screen": screen,
    "verify": verify,
    "mcp": offer_tools,
    "ingest": ingest,
    **dict.fromkeys(_DONE, step),
    "diff": compare,
    "backup": save,
    "restore": save,
    "index": index,
}


def main(argv: Sequence[str] | None = None) -> int:
    given = arguments().parse_args(argv)
    settings = Settings()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        if given.command in _COMMANDS:
            return _COMMANDS[given.command](settings, given)
        named = {name: getattr(given, name, None) for name in ("host", "port")}
        chosen = {name: value for name, value in named.items() if value is not None}
        return serve(settings.model_copy(update=chosen))
    except WrongSetting as error:
        print(f"设置有误:{error}", file=sys.stderr)
        return 2
    except DamagedModel as error:
        print(f"编码器不能用:{error}", file=sys.stderr)
        return 1
    except NoDatabase as error:
        print(f"数据库打不开:{error}", file=sys.stderr)
        return 1
    except UnusableModel as error:
        print(f"模型不能用:{error}", file=sys.stderr)
        return 1
    except DamagedIndex as error:
        print(f"索引损坏:{error}\n请运行 python app.py index 重建", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
