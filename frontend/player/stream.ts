// The adaptive stream: hls.js on the video element, what it offers to choose from, and what to do
// when something goes wrong.
import Hls, { type ErrorData, ErrorDetails, ErrorTypes, type HlsConfig } from "hls.js";
import { AUTO, type QualityChoice, type Rendition } from "./quality";
import { Backoff } from "./backoff";

export type Problem = "network" | "stalled" | "missing" | "closed" | "media" | "unsupported";

interface AudioTrack {
  readonly name: string;
  readonly lang: string;
}

interface StreamOptions {
  readonly src: string;
  /** An address that never ends, for who can't ask for a fresh one: the browser's own player. */
  readonly lasting: string;
  /** Where a file is now, as the page was told last. */
  readonly locate: (url: string) => Promise<string>;
  /** Seconds to start at. */
  readonly start: number;
  /** Called when renditions, the playing quality, audio tracks or a choice among them changed. */
  readonly onChange: () => void;
  /** Called with what went wrong, and with null once it is over. */
  readonly onProblem: (problem: Problem | null) => void;
  /** Called when its files are refused or gone; whoever knows a new address calls `renew`. */
  readonly onRefused: () => void;
}

const GONE = new Set([401, 403, 404, 410, 451]);
const UNSUPPORTED = new Set<string>([
  ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR,
  ErrorDetails.BUFFER_INCOMPATIBLE_CODECS_ERROR,
  ErrorDetails.BUFFER_ADD_CODEC_ERROR,
]);
/** A second media error within this many milliseconds is not worth another repair. */
const REPAIR_PAUSE = 30_000;

/** Seconds to keep ahead of the picture: while nobody has pressed play, and afterwards. */
const AHEAD_ASLEEP = 1;
const AHEAD = { maxBufferLength: 30, maxMaxBufferLength: 120 };

/** Before the first measurement, guess a slow phone: a fast start beats a sharp first second. */
const FIRST_GUESS = 600_000;

/** Give a segment up soon: our own backing off goes on trying, and says so. */
const SEGMENT_RETRIES = { maxNumRetry: 2, retryDelayMs: 500, maxRetryDelayMs: 2000 };
const { default: segmentPolicy } = Hls.DefaultConfig.fragLoadPolicy;

/** With data saver: the most lines of picture, and the seconds kept ahead. */
const THRIFTY_HEIGHT = 480;
const AHEAD_THRIFTY = { maxBufferLength: 10, maxMaxBufferLength: 20 };

/** Seconds of waiting after which the film counts as stalled. */
const STALLED = 8;

const settings: Partial<HlsConfig> = {
  autoStartLoad: false,
  startLevel: 0,
  capLevelToPlayerSize: true,
  abrEwmaDefaultEstimate: FIRST_GUESS,
  backBufferLength: 60,
  fragLoadPolicy: { default: { ...segmentPolicy, errorRetry: SEGMENT_RETRIES } },
  // Packages are fMP4, so there is next to nothing to demux: a worker would cost more than it saves.
  enableWorker: false,
  // Subtitles are <track> elements, drawn by captions.ts.
  enableWebVTT: false,
  enableIMSC1: false,
  enableCEA708Captions: false,
};

/**
 * One film on one video element. Loads the manifest and the first segment of the smallest rendition
 * at once, the rest only when playing (or seeking) begins.
 */
export class Stream {
  private hls: Hls | null = null;
  private chosen: QualityChoice = AUTO;
  private problem: Problem | null = null;
  private repairedAt = Number.NEGATIVE_INFINITY;
  /** Has loading beyond the first segment been asked for? */
  private awake = false;
  private thrifty = false;
  private src: string;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private readonly backoff = new Backoff(() => this.reload());

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly options: StreamOptions,
  ) {
    this.src = options.src;
    video.addEventListener("play", () => this.wake());
    video.addEventListener("waiting", () => this.watchWaiting());
    for (const event of ["playing", "pause", "emptied"]) video.addEventListener(event, () => this.flows());
    video.addEventListener("seeking", () => {
      if (Math.abs(video.currentTime - options.start) > 0.5) this.wake();
    });
    video.addEventListener("error", () => {
      if (!this.hls && video.error) this.tell(video.error.code === 2 ? "network" : "media");
    });
    window.addEventListener("online", () => {
      if (this.problem === "network") this.backoff.now();
    });
  }

  /** Begins to load; the callbacks may be called from here on. */
  begin(): void {
    this.open(this.options.start);
  }

  get renditions(): readonly Rendition[] {
    return this.hls?.levels.map(({ height, bitrate }) => ({ height, bitrate })) ?? [];
  }

  get quality(): QualityChoice {
    return this.chosen;
  }

  /** Height in pixels of what is on screen now, if known. */
  get playingHeight(): number | undefined {
    return this.hls?.levels[this.hls.currentLevel]?.height || this.video.videoHeight || undefined;
  }

  get audioTracks(): readonly AudioTrack[] {
    return this.hls?.audioTracks.map(({ name, lang = "" }) => ({ name, lang })) ?? [];
  }

  get audioTrack(): number {
    return this.hls?.audioTrack ?? -1;
  }

  setQuality(choice: QualityChoice): void {
    this.chosen = choice;
    if (this.hls) this.hls.nextLevel = choice;
    this.options.onChange();
  }

  setAudioTrack(index: number): void {
    if (this.hls) this.hls.audioTrack = index;
    this.options.onChange();
  }

  /** Whether the picture follows the connection by our doing; else the browser plays by itself. */
  get adaptive(): boolean {
    return this.hls !== null;
  }

  get savesData(): boolean {
    return this.thrifty;
  }

  /** Keeps the picture small, little ahead, and fetches nothing before somebody presses play; or not. */
  saveData(thrifty: boolean): void {
    this.thrifty = thrifty;
    if (this.hls) this.limit(this.hls);
    this.options.onChange();
  }

  /** Goes on from another address, where the old one has expired. */
  renew(src: string): void {
    this.src = src;
    this.retry();
  }

  /** Stops for good, and says why. */
  close(problem: Problem): void {
    this.hls?.destroy();
    this.hls = null;
    this.backoff.reset();
    this.video.pause();
    this.tell(problem);
  }

  /** Hands the stream to the browser, which alone can play it on another screen. */
  playNatively(): void {
    if (!this.hls) return;
    const at = this.video.currentTime;
    const playing = !this.video.paused;
    this.hls.destroy();
    this.hls = null;
    this.openNatively(at);
    if (playing) void this.video.play().catch(() => undefined);
  }

  /** Starts over from where the film stands, whatever was wrong. */
  retry(): void {
    const at = this.video.currentTime || this.options.start;
    const playing = !this.video.paused;
    this.hls?.destroy();
    this.hls = null;
    this.backoff.reset();
    this.tell(null);
    this.open(at);
    if (playing || this.awake) void this.video.play().catch(() => undefined);
  }

  private open(at: number): void {
    if (!Hls.isSupported()) {
      this.openNatively(at);
      return;
    }
    const asleep = { maxBufferLength: AHEAD_ASLEEP, maxMaxBufferLength: AHEAD_ASLEEP };
    const ahead = this.awake ? this.ahead : asleep;
    const { locate } = this.options;
    const xhrSetup = async (request: XMLHttpRequest, url: string): Promise<void> => request.open("GET", await locate(url));
    const hls = new Hls({ ...settings, ...ahead, startPosition: at, xhrSetup });
    this.hls = hls;
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      if (this.chosen !== AUTO) hls.nextLevel = this.chosen;
      this.limit(hls);
      if (this.awake || !this.thrifty) hls.startLoad(at);
      this.options.onChange();
    });
    hls.on(Hls.Events.FRAG_BUFFERED, () => {
      if (this.problem === "network") this.recovered();
    });
    for (const event of [
      Hls.Events.LEVEL_SWITCHED,
      Hls.Events.AUDIO_TRACKS_UPDATED,
      Hls.Events.AUDIO_TRACK_SWITCHED,
    ] as const) {
      hls.on(event, this.options.onChange);
    }
    hls.on(Hls.Events.ERROR, (_event, error) => {
      if (error.fatal) this.failed(hls, error);
    });
    hls.loadSource(this.src);
    hls.attachMedia(this.video);
  }

  /** For browsers without Media Source Extensions that play HLS by themselves. */
  private openNatively(at: number): void {
    const { video } = this;
    if (!video.canPlayType("application/vnd.apple.mpegurl")) {
      this.tell("unsupported");
      return;
    }
    video.addEventListener("loadedmetadata", () => void (video.currentTime = at), { once: true });
    video.src = this.options.lasting || this.src;
    this.options.onChange();
  }

  private wake(): void {
    if (this.awake) return;
    this.awake = true;
    if (!this.hls) return;
    Object.assign(this.hls.config, this.ahead);
    if (this.thrifty && this.hls.levels.length) this.hls.startLoad(-1);
  }

  private failed(hls: Hls, error: ErrorData): void {
    if (UNSUPPORTED.has(error.details)) {
      this.tell("unsupported");
    } else if (error.type === ErrorTypes.NETWORK_ERROR) {
      const gone = GONE.has(error.response?.code ?? 0);
      const broken = error.details === ErrorDetails.MANIFEST_PARSING_ERROR;
      if (gone) this.options.onRefused();
      else this.tell(broken ? "media" : "network");
      if (!gone && !broken) this.backoff.next();
    } else if (error.type === ErrorTypes.MEDIA_ERROR && this.mayRepair()) {
      const at = this.video.currentTime || this.options.start;
      hls.recoverMediaError();
      hls.startLoad(at); // which ended with the error
    } else {
      this.tell("media");
    }
  }

  private mayRepair(): boolean {
    const now = performance.now();
    const may = now - this.repairedAt > REPAIR_PAUSE;
    this.repairedAt = now;
    return may;
  }

  private reload(): void {
    if (!this.hls) {
      this.retry();
    } else if (this.hls.levels.length) {
      this.hls.startLoad(this.video.currentTime || this.options.start);
    } else {
      this.hls.loadSource(this.src);
    }
  }

  private recovered(): void {
    this.backoff.reset();
    this.tell(null);
  }

  private get ahead(): Pick<HlsConfig, "maxBufferLength" | "maxMaxBufferLength"> {
    return this.thrifty ? AHEAD_THRIFTY : AHEAD;
  }

  private limit(hls: Hls): void {
    const small = hls.levels.findLastIndex(({ height }) => height <= THRIFTY_HEIGHT);
    hls.autoLevelCapping = this.thrifty && hls.levels.length ? Math.max(0, small) : -1;
    if (this.awake) Object.assign(hls.config, this.ahead);
  }

  private watchWaiting(): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      if (this.problem === null && !this.video.paused && this.video.readyState < 3) this.tell("stalled");
    }, STALLED * 1000);
  }

  private flows(): void {
    clearTimeout(this.waiting);
    if (this.problem === "stalled") this.tell(null);
  }

  private tell(problem: Problem | null): void {
    if (problem === this.problem) return;
    this.problem = problem;
    this.options.onProblem(problem);
  }
}
