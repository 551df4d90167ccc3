// The watch page's player: joins the stream, the controls, the subtitles and the menus on one video.
import { Address } from "./address";
import { type Admission, ask, atEndOfLicence } from "./admission";
import { chooseCaptions, languagesRead, matchLanguage } from "./caption-choice";
import { showLook } from "./caption-look";
import { captionsPage } from "./caption-menu";
import { Captions } from "./captions";
import { Casting } from "./casting";
import { addChapters, chapterName } from "./chapters";
import { Commands } from "./commands";
import { buildControls, type Controls } from "./controls";
import { Failure } from "./failure";
import { buildHelp } from "./help";
import type { Action } from "./keyboard";
import { type Labels, readLabels } from "./labels";
import { LinesPanel } from "./lines-panel";
import { type Film, readFilm } from "./marks";
import { joinMediaSession } from "./media-session";
import { createStore } from "./media-store";
import { Menu } from "./menu";
import { Notice } from "./notice";
import { playAtOnce } from "./opening";
import { Peek } from "./peek";
import { platform } from "./platform";
import { listenForPresses } from "./pointer";
import { flat, type Kept, playsNext, type Preferences, readPreferences, savesData } from "./preferences";
import { reportProgress } from "./progress";
import { Repeating } from "./repeating";
import { offerBeginning } from "./resume";
import { Ripple } from "./ripple";
import { type Choices, settingsPage } from "./settings";
import { listenForKeys } from "./shortcuts";
import { SleepTimer } from "./sleep";
import { stateOf } from "./status";
import { type Problem, Stream } from "./stream";
import { listenToRemote } from "./television";
import { fetchThumbnails, type Thumbnail } from "./thumbnails";
import { parseStart } from "./time";
import { followState } from "./tips";
import { UpNext } from "./up-next";

const STATE_EVENTS = [
  "loadstart",
  "loadeddata",
  "canplay",
  "play",
  "playing",
  "pause",
  "waiting",
  "seeking",
  "seeked",
  "resize",
  "ended",
  "emptied",
  "error",
] as const;

/** Least milliseconds between two renewals of an expired address. */
const RENEW_PAUSE = 20_000;

class Player {
  private readonly labels: Labels;
  private readonly film: Film;
  private readonly controls: Controls;
  private readonly notice = new Notice();
  private readonly ripple: Ripple;
  private readonly failure: Failure;
  private readonly captions: Captions;
  private readonly address: Address;
  private readonly stream: Stream;
  private readonly commands: Commands;
  private readonly peek: Peek;
  private readonly lines: LinesPanel;
  private readonly upNext: UpNext;
  private readonly sleep: SleepTimer;
  private readonly casting: Casting;
  private readonly menus: readonly Menu[];
  private likes: Preferences;
  private thumbnails: readonly Thumbnail[] = [];
  private captionsDecided = false;
  private renewedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly container: HTMLElement,
    private readonly video: HTMLVideoElement,
  ) {
    const { dataset } = container;
    const json = (name: string): string | null | undefined =>
      container.querySelector(`script[data-${name}]`)?.textContent;
    const labels = readLabels(json("labels"));
    this.labels = labels;
    this.film = readFilm(json("film"));
    this.likes = readPreferences(dataset.preferences);
    this.controls = buildControls(video, labels, dataset.title ?? "");
    this.ripple = new Ripple(labels);
    this.failure = new Failure(video, labels, () => this.stream.retry());
    this.captions = new Captions(video, this.controls.overlay, {
      onChange: () => this.captionsChanged(),
      onFailure: () => this.notice.say(labels.saidCaptionsFailed),
      onWord: (pressed) => void this.peek.of(pressed),
    });
    const start = this.start();
    this.address = Address.onPage(dataset, () => this.admitted());
    this.stream = new Stream(video, {
      src: dataset.src ?? "",
      lasting: video.dataset.src ?? "",
      locate: (url) => this.address.of(url),
      start,
      onChange: () => this.streamChanged(),
      onProblem: (problem) => this.problem(problem),
      onRefused: () => void this.askAgain("missing"),
    });
    const { captions, notice } = this;
    this.peek = new Peek(video, captions, labels, (text) => notice.say(text));
    this.lines = new LinesPanel(video, captions, labels, (open) => this.linesToggled(open));
    this.sleep = new SleepTimer(() => this.fallAsleep());
    this.upNext = new UpNext(video, this.film, labels, {
      playsNext: () => playsNext(this.likes),
      lastOne: () => this.sleep.choice === "end",
      open: (url) => location.assign(`${url}#play`),
      onKnown: (follows) => (this.controls.nextButton.hidden = !follows),
    });
    this.casting = new Casting(video, this.stream, () => notice.say(labels.castNone), () => this.refreshMenus());
    const help = buildHelp(labels);
    const showHelp = (): void => help.showModal();
    const repeating = new Repeating(video);
    const { lines, peek, upNext } = this;
    this.commands = new Commands({ container, video, captions, labels, notice, repeating, peek, lines, upNext, showHelp });
    this.menus = this.buildMenus(showHelp);
    this.assemble(help, start);
    this.listen();
    this.showLikes();
    addChapters(video, this.film.chapters);
    this.stream.saveData(savesData(this.likes));
    captions.setOffset(Number(dataset.captionOffset ?? 0) / 1000 || 0);
    this.stream.begin();
    this.decideCaptions();
    this.showState();
    atEndOfLicence(this.film.until, () => void this.askAgain("closed"));
    if (location.hash === "#play") void playAtOnce(container, this.controls.root, video);
  }

  private get kept(): Kept {
    const { kept } = this.container.dataset;
    return kept === "account" || kept === "device" ? kept : "page";
  }

  private start(): number {
    const { search, hash } = location;
    const asked = new URLSearchParams(search).get("t") ?? /^#t=([\dhms.]+)$/.exec(hash)?.[1];
    return parseStart(asked ?? this.container.dataset.start);
  }

  private buildMenus(showHelp: () => void): Menu[] {
    const player = this;
    const { captions, casting, film, labels, controls, sleep, stream, video } = this;
    const choices: Choices = {
      video,
      stream,
      captions,
      film,
      sleep,
      casting,
      get kept() {
        return player.kept;
      },
      get look() {
        return player.likes.look;
      },
      get playsNext() {
        return playsNext(player.likes);
      },
      setLook: (look) => this.like({ look }),
      setPlaysNext: (playNext) => this.like({ playNext }),
      setDataSaver: (dataSaver) => this.like({ dataSaver }),
      chooseCaptions: (index) => this.chooseCaptions(index),
      chooseSecond: (index) => {
        captions.selectSecond(index);
        this.like({ second: captions.tracks[captions.second]?.lang ?? "" });
      },
      setOffset: (seconds) => this.commands.setOffset(seconds),
      showLines: () => this.lines.toggle(),
      repeat: (slowly) => void this.commands.repeat(slowly),
      peek: () => void this.peek.now(),
      togglePip: () => this.commands.togglePip(),
      showHelp,
    };
    const keepControls = (open: boolean): void => controls.root.setAttribute("autohide", open ? "-1" : "3");
    return [
      new Menu(controls.captionsButton, () => captionsPage(choices, labels), labels, keepControls),
      new Menu(controls.settingsButton, () => settingsPage(choices, labels), labels, keepControls),
    ];
  }

  private assemble(help: HTMLElement, start: number): void {
    const { container, controls, film, video } = this;
    const { root } = controls;
    root.mediaStore = createStore(
      () => this.thumbnails.map((each) => ({ ...each, url: this.address.now(each.url) })),
      (time) => chapterName(film.chapters, time),
    );
    const silent = this.captions.tracks.length === 0;
    controls.captionsButton.hidden = silent;
    controls.linesButton.hidden = silent;
    controls.nextButton.hidden = film.next === null;
    container.append(root, this.lines.element, help, ...this.menus.map(({ panel }) => panel));
    root.append(this.notice.element, this.ripple.element, this.upNext.element, this.peek.element, this.failure.element);
    if (start > 0 && container.dataset.resumed !== undefined && !location.search.includes("t=")) {
      root.append(offerBeginning(video, start, this.labels));
    }
    root.prepend(video);
    root.fullscreenElement = container;
    const { title = "" } = container.dataset;
    if (title) root.setAttribute("aria-label", `${this.labels.player}: ${title}`);
    container.dataset.platform = platform();
    followState(video, container, controls, this.labels);
  }

  private listen(): void {
    const { container, controls, film, video } = this;
    for (const event of STATE_EVENTS) video.addEventListener(event, () => this.showState());
    video.addEventListener("loadedmetadata", () => this.decideCaptions());
    video.addEventListener("ratechange", () => this.refreshMenus());
    video.addEventListener("ended", () => this.sleep.ended() && this.fallAsleep());
    controls.root.addEventListener("pointerenter", () => void this.loadThumbnails(), { once: true });
    controls.root.addEventListener("pointerdown", () => void this.loadThumbnails(), { once: true });
    controls.linesButton.addEventListener("click", () => this.lines.toggle());
    controls.nextButton.addEventListener("click", () => this.upNext.goNext());
    const perform = (action: Action): void => this.perform(action);
    const menuIsOpen = (): boolean => this.menus.some(({ open }) => open);
    listenForPresses(video, { menuIsOpen, perform, ripple: (way, seconds) => this.ripple.show(way, seconds) });
    listenForKeys(container, perform);
    if (container.dataset.platform === "tv") {
      const wake = (): void => void controls.root.dispatchEvent(new PointerEvent("pointermove", { pointerType: "mouse" }));
      listenToRemote(container, { perform, menuIsOpen, closeTop: () => this.closeTop(), wake });
    }
    joinMediaSession(video, container.dataset.title ?? "", film, {
      toggle: (play) => (play ? void video.play().catch(() => undefined) : video.pause()),
      step: (seconds) => perform({ do: "step", seconds }),
      goto: (seconds) => (video.currentTime = seconds),
      next: film.next ? () => this.upNext.goNext() : null,
    });
    reportProgress(video, container);
  }

  private perform(action: Action): void {
    this.commands.perform(action);
    if (action.do !== "captions") return;
    this.captionsDecided = true;
    this.likeCaptions();
  }

  /** Closes what lies uppermost; returns whether anything did. */
  private closeTop(): boolean {
    const menu = this.menus.find(({ open }) => open);
    if (menu) menu.panel.hidePopover();
    else if (this.peek.open) this.peek.close();
    else if (this.lines.open) this.lines.toggle();
    else if (document.fullscreenElement) void document.exitFullscreen();
    else return false;
    return true;
  }

  private linesToggled(open: boolean): void {
    this.container.toggleAttribute("data-lines", open);
    this.controls.linesButton.setAttribute("aria-expanded", String(open));
    if (!open) this.controls.linesButton.focus({ preventScroll: true });
  }

  private fallAsleep(): void {
    this.video.pause();
    this.notice.say(this.labels.saidSleep, 8000);
    this.refreshMenus();
  }

  private streamChanged(): void {
    if (this.stream.renditions.length > 0) this.decideCaptions();
    this.showState();
    this.refreshMenus();
  }

  private problem(problem: Problem | null, said = ""): void {
    this.failure.show(problem, said);
    if (problem) this.tell("plainview:fault", { kind: problem });
    this.showState();
  }

  /** Asks whether the film may be played on, before its address ends; it stops if not, and says why. */
  private async admitted(): Promise<Admission> {
    const { playing } = this.container.dataset;
    const found: Admission = playing ? await ask(playing) : { kind: "unknown" };
    if (found.kind === "closed") {
      this.stream.close("closed");
      this.problem("closed", found.said);
    }
    return found;
  }

  /** Its files are refused, or its licence ends now: a new address, or the reason in words. */
  private async askAgain(otherwise: Problem): Promise<void> {
    const { playing } = this.container.dataset;
    const now = performance.now();
    const soon = now - this.renewedAt < RENEW_PAUSE;
    this.renewedAt = now;
    const found = await this.admitted();
    if (found.kind === "open") {
      this.address.take(found.src, found.left);
      if (otherwise === "missing" && soon) this.stream.close("missing");
      else if (otherwise === "missing") this.stream.renew(found.src);
      if (otherwise === "closed") atEndOfLicence(found.until, () => void this.askAgain("closed"));
    } else if (found.kind === "unknown" && otherwise === "missing") {
      this.stream.close(playing ? "network" : "missing");
    }
  }

  private captionsChanged(): void {
    const { captions, container, controls } = this;
    const track = captions.tracks[captions.current];
    container.dataset.captions = track?.lang ?? "off";
    container.dataset.second = captions.tracks[captions.second]?.lang ?? "off";
    controls.captionsButton.toggleAttribute("data-on", track !== undefined);
    this.refreshMenus();
  }

  private showState(): void {
    const { dataset } = this.container;
    dataset.state = stateOf(this.video, this.failure.shown);
    const height = this.stream.playingHeight;
    if (height) dataset.level = String(height);
  }

  private refreshMenus(): void {
    for (const menu of this.menus ?? []) menu.refresh();
  }

  /** Once: as soon as it is known what the film speaks, or when that doesn't matter. */
  private decideCaptions(): void {
    const { captions, likes } = this;
    const { audioLang } = this.container.dataset;
    const asked = likes.lang || (this.container.dataset.captionLang ?? "");
    const spoken = audioLang ?? this.stream.audioTracks[Math.max(0, this.stream.audioTrack)]?.lang;
    const known = spoken !== undefined || this.video.readyState > 0;
    if (this.captionsDecided || !(asked || known)) return;
    this.captionsDecided = true;
    const wishes = { asked, reads: languagesRead(this.container), spoken: spoken ?? "" };
    const offered = captions.tracks.map(({ lang }) => lang);
    captions.select(chooseCaptions(offered, wishes));
    if (likes.second) captions.selectSecond(matchLanguage(likes.second, offered));
  }

  private chooseCaptions(index: number): void {
    this.captionsDecided = true;
    this.captions.select(index);
    this.likeCaptions();
  }

  private likeCaptions(): void {
    this.like({ lang: this.container.dataset.captions ?? "off" });
  }

  private like(changed: Partial<Preferences>): void {
    this.likes = { ...this.likes, ...changed };
    this.showLikes();
    if (changed.dataSaver !== undefined) this.stream.saveData(savesData(this.likes));
    this.refreshMenus();
    this.tell("plainview:preferences", flat(this.likes));
  }

  private showLikes(): void {
    showLook(this.controls.overlay, this.likes.look);
    this.captions.place = this.likes.look.place;
    this.captions.draw();
  }

  private tell(name: string, detail: object): void {
    this.container.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }

  /** Seek-bar pictures are fetched when a pointer first nears them; the film does without. */
  private async loadThumbnails(): Promise<void> {
    const address = this.container.dataset.thumbnails;
    if (!address || this.thumbnails.length > 0 || this.stream.savesData) return;
    try {
      this.thumbnails = await fetchThumbnails(await this.address.of(address));
    } catch {
      this.thumbnails = [];
    }
  }
}

/**
 * Turns a `[data-player]` container and the video in it into the player; README.md has the contract
 * with the page. Throws if there is no video in the container.
 */
export function mountPlayer(container: HTMLElement): void {
  const video = container.querySelector("video");
  if (!video) throw new Error("data-player needs a <video> inside");
  new Player(container, video);
}
