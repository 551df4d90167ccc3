// The watch page's player: joins the stream, the controls, the subtitles and the menus on one video.
import { chooseCaptions } from "./caption-choice";
import { type CaptionStyle, readCaptionStyle } from "./caption-style";
import { Captions } from "./captions";
import { Commands } from "./commands";
import { buildControls, type Controls } from "./controls";
import { Failure } from "./failure";
import { buildHelp } from "./help";
import type { Action } from "./keyboard";
import { type Labels, readLabels } from "./labels";
import { createStore } from "./media-store";
import { Menu } from "./menu";
import { Notice } from "./notice";
import { listenForClicks } from "./pointer";
import { reportProgress } from "./progress";
import { captionsPage, type Choices, settingsPage } from "./settings";
import { listenForKeys } from "./shortcuts";
import { stateOf } from "./status";
import { Stream } from "./stream";
import { fetchThumbnails, type Thumbnail } from "./thumbnails";
import { parseStart } from "./time";
import { followState } from "./tips";

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

class Player {
  private readonly labels: Labels;
  private readonly controls: Controls;
  private readonly notice = new Notice();
  private readonly failure: Failure;
  private readonly captions: Captions;
  private readonly stream: Stream;
  private readonly commands: Commands;
  private readonly menus: readonly Menu[];
  private style: CaptionStyle;
  private thumbnails: readonly Thumbnail[] = [];
  private captionsDecided = false;

  constructor(
    private readonly container: HTMLElement,
    private readonly video: HTMLVideoElement,
  ) {
    const { dataset } = container;
    const labels = readLabels(container.querySelector("script[data-labels]")?.textContent);
    this.labels = labels;
    this.controls = buildControls(video, labels, dataset.title ?? "");
    this.failure = new Failure(video, labels, () => this.stream.retry());
    this.captions = new Captions(video, this.controls.overlay, {
      onChange: () => this.captionsChanged(),
      onFailure: () => this.notice.say(labels.saidCaptionsFailed),
    });
    this.stream = new Stream(video, {
      src: dataset.src ?? "",
      worker: dataset.worker ?? "",
      start: parseStart(new URLSearchParams(location.search).get("t") ?? dataset.start),
      onChange: () => this.streamChanged(),
      onProblem: (problem) => {
        this.failure.show(problem);
        this.showState();
      },
    });
    const help = buildHelp(labels);
    const showHelp = (): void => help.showModal();
    const { captions, notice } = this;
    this.commands = new Commands(container, video, captions, labels, notice, showHelp);
    this.menus = this.buildMenus(showHelp);
    this.style = readCaptionStyle(dataset.captionSize, dataset.captionBackground);
    this.assemble(help);
    this.listen();
    this.showStyle();
    this.stream.begin();
    this.decideCaptions();
    this.showState();
  }

  private buildMenus(showHelp: () => void): Menu[] {
    const player = this;
    const choices: Choices = {
      video: this.video,
      stream: this.stream,
      captions: this.captions,
      get style() {
        return player.style;
      },
      setStyle: (style) => this.setStyle(style),
      chooseCaptions: (index) => {
        this.captionsDecided = true;
        this.captions.select(index);
        this.tellStyle();
      },
      togglePip: () => this.commands.togglePip(),
      showHelp,
    };
    const { labels, controls } = this;
    const keepControls = (open: boolean): void => controls.root.setAttribute("autohide", open ? "-1" : "3");
    const captionsMenu = () => captionsPage(choices, labels);
    const settingsMenu = () => settingsPage(choices, labels);
    return [
      new Menu(controls.captionsButton, captionsMenu, labels, keepControls),
      new Menu(controls.settingsButton, settingsMenu, labels, keepControls),
    ];
  }

  private assemble(help: HTMLElement): void {
    const { container, controls, video } = this;
    const { root } = controls;
    root.mediaStore = createStore(() => this.thumbnails);
    controls.captionsButton.hidden = this.captions.tracks.length === 0;
    container.append(root, help, ...this.menus.map(({ panel }) => panel));
    root.append(this.notice.element, this.failure.element);
    root.prepend(video);
    root.fullscreenElement = container;
    const { title } = container.dataset;
    if (title) root.setAttribute("aria-label", `${this.labels.player}: ${title}`);
    followState(video, container, controls, this.labels);
  }

  private listen(): void {
    const { container, video } = this;
    for (const event of STATE_EVENTS) video.addEventListener(event, () => this.showState());
    video.addEventListener("loadedmetadata", () => this.decideCaptions());
    video.addEventListener("ratechange", () => this.refreshMenus());
    this.controls.root.addEventListener("pointerenter", () => void this.loadThumbnails(), { once: true });
    this.controls.root.addEventListener("pointerdown", () => void this.loadThumbnails(), { once: true });
    const perform = (action: Action): void => this.perform(action);
    listenForClicks(video, () => this.menus.some(({ open }) => open), perform);
    listenForKeys(container, perform);
    reportProgress(video, container);
  }

  private perform(action: Action): void {
    this.commands.perform(action);
    if (action.do !== "captions") return;
    this.captionsDecided = true;
    this.tellStyle();
  }

  private streamChanged(): void {
    if (this.stream.renditions.length > 0) this.decideCaptions();
    this.showState();
    this.refreshMenus();
  }

  private captionsChanged(): void {
    const track = this.captions.tracks[this.captions.current];
    this.container.dataset.captions = track?.lang ?? "off";
    this.controls.captionsButton.toggleAttribute("data-on", track !== undefined);
    this.refreshMenus();
  }

  private showState(): void {
    const { dataset } = this.container;
    dataset.state = stateOf(this.video, this.failure.shown);
    const height = this.stream.playingHeight;
    if (height) dataset.level = String(height);
  }

  private refreshMenus(): void {
    for (const menu of this.menus) menu.refresh();
  }

  /** Once: as soon as it is known what the film speaks, or when that doesn't matter. */
  private decideCaptions(): void {
    const { captionLang = "", audioLang } = this.container.dataset;
    const spoken = audioLang ?? this.stream.audioTracks[Math.max(0, this.stream.audioTrack)]?.lang;
    const known = spoken !== undefined || this.video.readyState > 0;
    if (this.captionsDecided || !(captionLang || known)) return;
    this.captionsDecided = true;
    const wishes = { asked: captionLang, page: document.documentElement.lang, spoken: spoken ?? "" };
    const offered = this.captions.tracks.map(({ lang }) => lang);
    this.captions.select(chooseCaptions(offered, wishes));
  }

  private setStyle(style: CaptionStyle): void {
    this.style = style;
    this.showStyle();
    this.tellStyle();
  }

  private showStyle(): void {
    const { dataset } = this.controls.overlay;
    dataset.size = this.style.size;
    dataset.background = this.style.background;
  }

  private tellStyle(): void {
    const lang = this.container.dataset.captions ?? "off";
    const detail = { ...this.style, lang };
    this.container.dispatchEvent(new CustomEvent("plainview:caption-style", { bubbles: true, detail }));
  }

  /** Seek-bar pictures are fetched when a pointer first nears them; the film does without. */
  private async loadThumbnails(): Promise<void> {
    const address = this.container.dataset.thumbnails;
    if (!address || this.thumbnails.length > 0) return;
    try {
      this.thumbnails = await fetchThumbnails(address);
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
